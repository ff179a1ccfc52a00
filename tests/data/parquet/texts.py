"""What the reader should write for a value of Python."""

import datetime as dt
import decimal

decimal.getcontext().prec = 60


def text(value):
    """A value as the reader should write it."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case dt.datetime():
            midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
            if midnight and value.tzinfo is None:
                return value.date().isoformat()
            whole = value.strftime("%Y-%m-%dT%H:%M:%S")
            return whole + part(value.microsecond) + ("Z" if value.tzinfo else "")
        case dt.time():
            return value.strftime("%H:%M:%S") + part(value.microsecond)
        case dt.date():
            return value.isoformat()
        case decimal.Decimal():
            return format(value, "f")
        case float() if value != value:
            return ""
        case float() if value == int(value):
            return str(int(value))
        case float():
            return format(decimal.Decimal(repr(value)), "f")
        case _:
            return str(value)


def part(microsecond):
    return "." + f"{microsecond:06d}".rstrip("0") if microsecond else ""
