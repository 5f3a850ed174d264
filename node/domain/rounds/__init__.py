"""Lane B of matching across programs: what one program decides in one weekly round. Codes and numbers in, codes out.

No input, no clock, no chance: cards come from the board as values, the day is an argument, and ties are broken by a
hash that anybody can recompute. Sealing cards, asking people, holding seats and writing letters is left to services.
"""
