"""The verbs of one program: each is one transaction, told who acts."""
