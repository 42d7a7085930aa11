"""Which open questions the program can answer in more than one way; the others are followed in their default only.

An override that nothing would obey is refused, for a silent one would be a false promise to an auditor.
"""

#: question -> where the choice is looked at
FOLLOWED = {
    "X-Q1": "rules.terms",
    "X-Q2": "rules.terms",
    "X-Q3": "rules.scale",
    "X-Q7": "methodologies.in_force",
    "N-Q1": "rules.scoring",
    "N-Q3": "rules.scale",
    "N-Q4": "rules.scale",
    "N-Q5": "rules.scoring",
    "N-Q6": "methodologies.in_force",
    "N-Q8": "rules.plan",
    "N-Q10": "services.familiarisation",
    "N-Q13": "rules.scoring",
    "N-Q17": "rules.panel",
    "N-Q23": "rules.scale",
}
