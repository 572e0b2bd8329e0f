"""stub"""

CODE = "an-hoa"


def tell_a_province(policy, now):
    return 0
