"""What is written to people: the words of a letter and how it is drawn, and of what its numbers are.

facts ─→ items ─→ messages (subject and text, from templates/messages) ─→ drawing (text part and HTML part)
                  ├─ groups: the headings of a digest, and how many there are of each
                  ├─ wholes: a number is of a unit, of the reader, or of the message alone
                  └─ lists: the page that holds what a line or a button speaks of
"""
