"""The short public reference of a notice: six signs that name it and tell nothing else."""

from __future__ import annotations

from rules.errors import NotFound

#: no I, L, O, U: nothing that is misread on paper or on the telephone
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 6
_RANGE = len(_SIGNS) ** _LENGTH
#: odd, so that every number below the range has exactly one reference; neighbours do not look alike
_STEP = 663_608_941
_BACK = pow(_STEP, -1, _RANGE)


def ref_of(notice_id: int) -> str:
    """The reference of a notice.

    >>> ref_of(1), ref_of(2)
    ('KRVQKD', '7HQF6T')
    """
    if not 0 < notice_id < _RANGE:
        raise NotFound(f"There is no notice {notice_id}.")
    number = notice_id * _STEP % _RANGE
    return "".join(_SIGNS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def id_of(ref: str) -> int:
    """The notice behind a reference.

    Raises:
        NotFound: the text is no reference.

    >>> id_of("7HQF6T")
    2
    """
    text = ref.strip().upper()
    if len(text) != _LENGTH or any(sign not in _SIGNS for sign in text):
        raise NotFound(f"'{ref}' is not the reference of a notice: it has {_LENGTH} letters and digits.")
    number = 0
    for sign in text:
        number = number << 5 | _SIGNS.index(sign)
    return int(number * _BACK % _RANGE)
