"""How people come to the program by themselves: what is asked, their answers, and what becomes of them."""
