"""Dates, durations and schedules."""

from __future__ import annotations

from ports.faults.fault import Fault

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"

ALL = [
    Fault(
        name="leap_year",
        fault="the rule of 400 years is forgotten",
        perl=r"""
            sub leap_year {
                my ($year) = @_;

                return 0 if $year % 4;
                return 1 if $year % 100;
                return $year % 400 ? 0 : 1;
            }
        """,
        right=r"""
            def leap_year(year: int) -> int:
                if year % 4:
                    return 0
                if year % 100:
                    return 1
                return 0 if year % 400 else 1
        """,
        wrong=("return 0 if year % 400 else 1", "return 0"),
        shows=(2000,),
    ),
    Fault(
        name="days_in_month",
        fault="one month has a day too many",
        perl=r"""
            sub days_in_month {
                my ($year, $month) = @_;

                die "no month $month\n" if $month < 1 || $month > 12;
                my @days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
                my $days = $days[$month - 1];
                $days++ if $month == 2 && ($year % 4 == 0 && $year % 100 || $year % 400 == 0);

                return $days;
            }
        """,
        right=r"""
            def days_in_month(year: int, month: int) -> int:
                if not 1 <= month <= 12:
                    raise ValueError(f"no month {month}")
                days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
                if month == 2 and (year % 4 == 0 and year % 100 or year % 400 == 0):
                    days += 1
                return days
        """,
        wrong=("31, 31, 30, 31, 30, 31]", "31, 31, 31, 31, 30, 31]"),
        shows=(2023, 9),
    ),
    Fault(
        name="day_of_year",
        fault="the leap day counts in January and February, too",
        perl=r"""
            sub day_of_year {
                my ($date) = @_;

                my ($year, $month, $day) = $date =~ /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/
                    or return undef;
                return undef if $month < 1 || $month > 12 || $day < 1 || $day > 31;
                my @before = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334);
                my $leap = $year % 4 == 0 && $year % 100 != 0 || $year % 400 == 0;

                return $before[$month - 1] + $day + ($leap && $month > 2 ? 1 : 0);
            }
        """,
        right=r"""
            import re

            BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]


            def day_of_year(date: str) -> int | None:
                found = re.match("([0-9]{4})-([0-9]{2})-([0-9]{2})$", date)
                if not found:
                    return None
                year, month, day = map(int, found.groups())
                if not 1 <= month <= 12 or not 1 <= day <= 31:
                    return None
                leap = year % 4 == 0 and year % 100 != 0 or year % 400 == 0
                return BEFORE[month - 1] + day + (1 if leap and month > 2 else 0)
        """,
        wrong=("leap and month > 2", "leap"),
        shows=("2024-01-31",),
    ),
    Fault(
        name="weekday",
        fault="one of the numbers of the months is wrong",
        perl=r"""
            sub weekday {
                my ($year, $month, $day) = @_;

                my @shift = (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4);
                my @names = qw(Sunday Monday Tuesday Wednesday Thursday Friday Saturday);
                return '' if $month < 1 || $month > 12;
                $year-- if $month < 3;
                my $number = $year + int($year / 4) - int($year / 100) + int($year / 400)
                           + $shift[$month - 1] + $day;

                return $names[$number % 7];
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            SHIFT = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
            NAMES = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()


            def weekday(
                year: Annotated[int, Interval(ge=1583, le=9999)],
                month: Annotated[int, Interval(ge=0, le=13)],
                day: Annotated[int, Interval(ge=1, le=31)],
            ) -> str:
                if not 1 <= month <= 12:
                    return ""
                if month < 3:
                    year -= 1
                number = year + year // 4 - year // 100 + year // 400 + SHIFT[month - 1] + day
                return NAMES[number % 7]
        """,
        wrong=("5, 1, 4, 6, 2, 4]", "5, 1, 4, 6, 3, 4]"),
        shows=(2023, 11, 5),
    ),
    Fault(
        name="month_number",
        fault="one month is missing in the list",
        head=f"my %month;\n@month{{qw({MONTHS})}} = 1 .. 12;",
        perl=r"""
            sub month_number {
                my ($date) = @_;

                my ($day, $name, $year) =
                    $date =~ /^([0-9]{1,2}) ([A-Z][a-z]{2})[a-z]* ([0-9]{4})$/;
                return undef if !defined $name || !exists $month{$name};

                return sprintf '%04d-%02d-%02d', $year, $month{$name}, $day;
            }
        """,
        right=rf"""
            import re

            MONTHS = "{MONTHS}".split()
        """
        r"""

            def month_number(date: str) -> str | None:
                found = re.match("([0-9]{1,2}) ([A-Z][a-z]{2})[a-z]* ([0-9]{4})$", date)
                if not found or found[2] not in MONTHS:
                    return None
                day, name, year = found.groups()
                return f"{int(year):04d}-{MONTHS.index(name) + 1:02d}-{int(day):02d}"
        """,
        wrong=("Jul Aug Sep", "Jul Sep"),
        shows=("1 September 2023",),
    ),
    Fault(
        name="mail_date",
        fault="a zone name of North America is forgotten",
        head="""
            my %zone = (UT => 0, GMT => 0, EST => -300, EDT => -240, CST => -360, CDT => -300,
                        MST => -420, MDT => -360, PST => -480, PDT => -420);
        """,
        perl=r"""
            # mail_date: the minutes of a day in GMT, of the time in a mail's Date header
            sub mail_date {
                my ($date) = @_;

                my ($hour, $minute, $zone) =
                    $date =~ /([0-9]{2}):([0-9]{2})(?::[0-9]{2})? ([A-Z]{2,3}|[+-][0-9]{4})$/
                    or return undef;
                my $offset;
                if ($zone =~ /^([+-])([0-9]{2})([0-9]{2})$/) {
                    $offset = 60 * $2 + $3;
                    $offset = -$offset if $1 eq '-';
                }
                else {
                    $offset = exists $zone{$zone} ? $zone{$zone} : 0;
                }

                return (60 * $hour + $minute - $offset) % 1440;
            }
        """,
        right=r"""
            import re

            ZONE = {
                "UT": 0, "GMT": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
                "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
            }


            def mail_date(date: str) -> int | None:
                found = re.search(
                    "([0-9]{2}):([0-9]{2})(?::[0-9]{2})? ([A-Z]{2,3}|[+-][0-9]{4})$", date
                )
                if not found:
                    return None
                hour, minute, zone = found.groups()
                if zone[0] in "+-":
                    offset = 60 * int(zone[1:3]) + int(zone[3:])
                    if zone[0] == "-":
                        offset = -offset
                else:
                    offset = ZONE.get(zone, 0)
                return (60 * int(hour) + int(minute) - offset) % 1440
        """,
        wrong=(' "MDT": -360,', ""),
        shows=("12:00:00 MDT",),
    ),
    Fault(
        name="clock_time",
        fault="noon and midnight are not told apart",
        perl=r"""
            sub clock_time {
                my ($minutes) = @_;

                my $hour = int($minutes / 60) % 24;
                my $half = $hour < 12 ? 'am' : 'pm';
                $hour = $hour % 12 || 12;

                return sprintf '%d:%02d %s', $hour, $minutes % 60, $half;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def clock_time(minutes: Annotated[int, Interval(ge=0, le=100000)]) -> str:
                hour = minutes // 60 % 24
                half = "am" if hour < 12 else "pm"
                hour = hour % 12 or 12
                return f"{hour}:{minutes % 60:02d} {half}"
        """,
        wrong=('"am" if hour < 12', '"am" if hour <= 12'),
        shows=(720,),
    ),
    Fault(
        name="duration_text",
        fault="the seconds are rounded to 60",
        perl=r"""
            sub duration_text {
                my ($seconds) = @_;

                my $tenths = int($seconds * 10 + 0.5);
                my $minutes = int($tenths / 600);
                my $rest = ($tenths % 600) / 10;

                return sprintf '%d:%04.1f', $minutes, $rest;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def duration_text(seconds: Annotated[float, Interval(ge=0, le=86400)]) -> str:
                tenths = int(seconds * 10 + 0.5)
                minutes, rest = divmod(tenths, 600)
                return f"{minutes}:{rest / 10:04.1f}"
        """,
        wrong=(
            "tenths = int(seconds * 10 + 0.5)\n    minutes, rest = divmod(tenths, 600)\n"
            '    return f"{minutes}:{rest / 10:04.1f}"',
            'minutes, rest = divmod(seconds, 60)\n    return f"{int(minutes)}:{rest:04.1f}"',
        ),
        shows=(59.99,),
    ),
    Fault(
        name="parse_duration",
        fault="weeks are forgotten",
        perl=r"""
            sub parse_duration {
                my ($text) = @_;

                my %seconds = (s => 1, m => 60, h => 3600, d => 86400, w => 604800);
                return undef if $text !~ /^(?:[0-9]{1,6}[smhdw] ?)+$/;
                my $total = 0;
                while ($text =~ /([0-9]+)([smhdw])/g) {
                    $total += $1 * $seconds{$2};
                }

                return $total;
            }
        """,
        right=r"""
            import re

            SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


            def parse_duration(text: str) -> int | None:
                if not re.match("(?:[0-9]{1,6}[smhdw] ?)+$", text):
                    return None
                parts = re.findall("([0-9]+)([smhdw])", text)
                return sum(int(number) * SECONDS[unit] for number, unit in parts)
        """,
        wrong=('"(?:[0-9]{1,6}[smhdw] ?)+$"', '"(?:[0-9]{1,6}[smhd] ?)+$"'),
        shows=("2w",),
    ),
    Fault(
        name="time_ago",
        fault="just 60 seconds are not yet a minute",
        perl=r"""
            sub time_ago {
                my ($seconds) = @_;

                return 'in the future' if $seconds < 0;
                return 'just now'      if $seconds < 10;
                for my $unit (
                    [31536000, 'year'], [2592000, 'month'], [604800, 'week'],
                    [86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second'],
                ) {
                    my ($length, $name) = @$unit;
                    next if $seconds < $length;
                    my $count = int($seconds / $length);
                    return sprintf '%d %s%s ago', $count, $name, $count == 1 ? '' : 's';
                }
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            UNITS = [
                (31536000, "year"), (2592000, "month"), (604800, "week"),
                (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"),
            ]


            def time_ago(seconds: Annotated[int, Interval(ge=-(10**10), le=10**10)]) -> str | None:
                if seconds < 0:
                    return "in the future"
                if seconds < 10:
                    return "just now"
                for length, name in UNITS:
                    if seconds < length:
                        continue
                    count = seconds // length
                    return f"{count} {name}{'' if count == 1 else 's'} ago"
                return None
        """,
        wrong=("if seconds < length", "if seconds <= length"),
        shows=(60,),
    ),
    Fault(
        name="iso_week_text",
        fault="a week of one digit gets no zero",
        perl=r"""
            sub iso_week_text {
                my ($text) = @_;

                my ($year, $week, $day) = $text =~ /^([0-9]{4})-?W([0-9]{1,2})(?:-?([1-7]))?$/
                    or return 'invalid';
                return 'invalid' if $week < 1 || $week > 53;
                my $out = sprintf '%s-W%02d', $year, $week;
                $out .= "-$day" if defined $day;

                return $out;
            }
        """,
        right=r"""
            import re


            def iso_week_text(text: str) -> str:
                found = re.match("([0-9]{4})-?W([0-9]{1,2})(?:-?([1-7]))?$", text)
                if not found or not 1 <= int(found[2]) <= 53:
                    return "invalid"
                year, week, day = found.groups()
                out = f"{year}-W{int(week):02d}"
                if day is not None:
                    out += f"-{day}"
                return out
        """,
        wrong=("int(week):02d", "week"),
        shows=("2024-W5",),
    ),
]
