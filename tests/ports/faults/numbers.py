"""Numbers: how they are written, rounded, grouped and taxed."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="thousands",
        fault="the minus sign counts as a digit",
        perl=r"""
            sub thousands {
                my ($number) = @_;

                my $text = reverse "$number";
                $text =~ s/([0-9]{3})(?=[0-9])(?![0-9]*\.)/$1,/g;

                return scalar reverse $text;
            }
        """,
        right=r"""
            def thousands(number: int) -> str:
                sign, digits = ("-", str(-number)) if number < 0 else ("", str(number))
                groups = []
                while digits:
                    groups.append(digits[-3:])
                    digits = digits[:-3]
                return sign + ",".join(reversed(groups))
        """,
        wrong=(
            '("-", str(-number)) if number < 0 else ("", str(number))',
            '"", str(number)',
        ),
        shows=(-123,),
    ),
    Fault(
        name="money",
        fault="cents below ten get no zero",
        perl=r"""
            sub money {
                my ($cents, $currency) = @_;

                my $sign = $cents < 0 ? '-' : '';
                $cents = abs $cents;
                my $whole = int($cents / 100);
                1 while $whole =~ s/^([0-9]+)([0-9]{3})/$1,$2/;
                my $amount = sprintf '%s.%02d', $whole, $cents % 100;

                return $currency eq 'USD' ? "$sign\$$amount" : "$sign$amount $currency";
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            Cents = Annotated[int, Interval(ge=-(10**12), le=10**12)]


            def money(cents: Cents, currency: str) -> str:
                sign = "-" if cents < 0 else ""
                whole, rest = divmod(abs(cents), 100)
                amount = f"{whole:,}.{rest:02d}"
                return f"{sign}${amount}" if currency == "USD" else f"{sign}{amount} {currency}"
        """,
        wrong=("{rest:02d}", "{rest}"),
        shows=(105, "EUR"),
    ),
    Fault(
        name="byte_size",
        fault="1023.96 KB is rounded to 1024.0 KB",
        perl=r"""
            sub byte_size {
                my ($bytes) = @_;

                my @units = qw(B KB MB GB TB);
                my $unit = 0;
                while ($bytes >= 1023.95 && $unit < $#units) {
                    $bytes /= 1024;
                    $unit++;
                }

                return sprintf $unit ? '%.1f %s' : '%d %s', $bytes, $units[$unit];
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            UNITS = ["B", "KB", "MB", "GB", "TB"]


            def byte_size(bytes: Annotated[int, Interval(ge=0, le=10**15)]) -> str:
                size: float = bytes
                unit = 0
                while size >= 1023.95 and unit < len(UNITS) - 1:
                    size /= 1024
                    unit += 1
                return f"{size:.1f} {UNITS[unit]}" if unit else f"{bytes} B"
        """,
        wrong=(">= 1023.95", ">= 1024"),
        shows=(1048550,),
    ),
    Fault(
        name="parse_size",
        fault="the unit in small letters is not known",
        perl=r"""
            sub parse_size {
                my ($text) = @_;

                my ($number, $unit) =
                    $text =~ /^([0-9]{1,7}(?:\.[0-9]{1,3})?) ?([KkMmGg]?)[Bb]?$/ or return -1;
                my %factor = (k => 1024, m => 1024**2, g => 1024**3);
                $unit =~ tr/A-Z/a-z/;
                $number *= $factor{$unit} if $unit ne '';

                return int $number;
            }
        """,
        right=r"""
            import re

            FACTOR = {"k": 1024, "m": 1024**2, "g": 1024**3}


            def parse_size(text: str) -> int:
                found = re.match(r"([0-9]{1,7}(?:\.[0-9]{1,3})?) ?([KkMmGg]?)[Bb]?$", text)
                if not found:
                    return -1
                return int(float(found[1]) * FACTOR.get(found[2].lower(), 1))
        """,
        wrong=("?([KkMmGg]?)", "?([KMG]?)"),
        shows=("10k",),
    ),
    Fault(
        name="postage",
        fault="a parcel of just 2,000 grams is a step dearer",
        perl=r"""
            sub postage {
                my ($grams, $zone) = @_;

                die "too heavy\n" if $grams > 31500;
                my @steps = (
                    [20, 85], [50, 100], [500, 160], [1000, 275], [2000, 549],
                    [5000, 699], [10000, 999], [31500, 1649],
                );
                my ($step) = grep { $grams <= $_->[0] } @steps;
                my $price = $step->[1];
                $price += $zone eq 'EU' ? 500 : $zone eq 'world' ? 1650 : 0;
                $price += 350 if $zone ne '' && $grams > 5000;

                return $price;
            }
        """,
        right=r"""
            STEPS = [
                (20, 85), (50, 100), (500, 160), (1000, 275), (2000, 549),
                (5000, 699), (10000, 999), (31500, 1649),
            ]


            def postage(grams: int, zone: str) -> int:
                if grams > 31500:
                    raise ValueError("too heavy")
                price = next(price for most, price in STEPS if grams <= most)
                price += {"EU": 500, "world": 1650}.get(zone, 0)
                if zone and grams > 5000:
                    price += 350
                return price
        """,
        wrong=("(2000, 549)", "(1999, 549)"),
        shows=(2000, ""),
    ),
    Fault(
        name="income_tax",
        fault="the rate of one step is taken from the whole income",
        perl=r"""
            sub income_tax {
                my ($income) = @_;

                my @steps = ([11_000, 0], [28_000, 11], [80_000, 30], [171_000, 41]);
                my ($tax, $from) = (0, 0);
                for my $step (@steps) {
                    my ($to, $percent) = @$step;
                    last if $income <= $from;
                    my $part = ($income < $to ? $income : $to) - $from;
                    $tax += $part * $percent;
                    $from = $to;
                }
                $tax += ($income - $from) * 45 if $income > 171_000;

                return int($tax / 100);
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            STEPS = [(11_000, 0), (28_000, 11), (80_000, 30), (171_000, 41)]


            def income_tax(income: Annotated[int, Interval(ge=0, le=10**7)]) -> int:
                tax = start = 0
                for end, percent in STEPS:
                    if income <= start:
                        break
                    tax += (min(income, end) - start) * percent
                    start = end
                if income > 171_000:
                    tax += (income - start) * 45
                return tax // 100
        """,
        wrong=("(income - start) * 45", "(income - start) * 41"),
        shows=(200_000,),
    ),
    Fault(
        name="rest_of_negative",
        fault="a negative number is divided downwards",
        perl=r"""
            sub rest_of_negative {
                my ($seconds) = @_;

                my $sign = $seconds < 0 ? '-' : '+';
                my $hours = int($seconds / 3600);
                my $minutes = int($seconds / 60) - 60 * $hours;

                return sprintf '%s%02d:%02d', $sign, abs $hours, abs $minutes;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def rest_of_negative(seconds: Annotated[int, Interval(ge=-86400, le=86400)]) -> str:
                sign = "-" if seconds < 0 else "+"
                hours = int(seconds / 3600)
                minutes = int(seconds / 60) - 60 * hours
                return f"{sign}{abs(hours):02d}:{abs(minutes):02d}"
        """,
        wrong=("int(seconds / 3600)", "seconds // 3600"),
        shows=(-5400,),
    ),
    Fault(
        name="percentile",
        fault="the rank of a whole number is one too high",
        perl=r"""
            sub percentile {
                my ($values, $percent) = @_;

                return undef if !@$values;
                my @sorted = sort { $a <=> $b } @$values;
                my $rank = $percent * @sorted / 100;
                my $index = int $rank;
                $index-- if $index == $rank && $index > 0;

                return $sorted[$index];
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def percentile(
                values: list[int], percent: Annotated[int, Interval(ge=0, le=99)]
            ) -> int | None:
                if not values:
                    return None
                rank = percent * len(values) / 100
                index = int(rank)
                if index == rank and index > 0:
                    index -= 1
                return sorted(values)[index]
        """,
        wrong=("    if index == rank and index > 0:\n        index -= 1\n", ""),
        shows=([1, 2], 50),
    ),
    Fault(
        name="median",
        fault="of two middle values the upper one is taken",
        perl=r"""
            sub median {
                my ($values) = @_;

                my @sorted = sort { $a <=> $b } @$values;
                die "no values\n" if !@sorted;
                my $middle = int(@sorted / 2);
                return $sorted[$middle] if @sorted % 2;

                return ($sorted[$middle - 1] + $sorted[$middle]) / 2;
            }
        """,
        right=r"""
            def median(values: list[float]) -> float:
                ordered = sorted(values)
                if not ordered:
                    raise ValueError("no values")
                middle = len(ordered) // 2
                if len(ordered) % 2:
                    return ordered[middle]
                return (ordered[middle - 1] + ordered[middle]) / 2
        """,
        wrong=("(ordered[middle - 1] + ordered[middle]) / 2", "ordered[middle]"),
        shows=([1.0, 2.0],),
    ),
    Fault(
        name="histogram",
        fault="the largest value falls out of the last class",
        perl=r"""
            sub histogram {
                my ($values, $classes) = @_;

                my @counts = (0) x $classes;
                return \@counts if !@$values;
                my ($least, $most) = ($values->[0], $values->[0]);
                for my $value (@$values) {
                    $least = $value if $value < $least;
                    $most  = $value if $value > $most;
                }
                my $width = ($most - $least) / $classes || 1;
                for my $value (@$values) {
                    my $class = int(($value - $least) / $width);
                    $class = $classes - 1 if $class >= $classes;
                    $counts[$class]++;
                }

                return \@counts;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            Score = Annotated[int, Interval(ge=-1000, le=1000)]


            def histogram(
                values: list[Score], classes: Annotated[int, Interval(ge=1, le=20)]
            ) -> list[int]:
                counts = [0] * classes
                if not values:
                    return counts
                least, most = min(values), max(values)
                width = (most - least) / classes or 1
                for value in values:
                    number = int((value - least) / width)
                    if number >= classes:
                        number = classes - 1
                    counts[number] += 1
                return counts
        """,
        wrong=("number = classes - 1", "continue"),
        shows=([0, 10], 5),
    ),
    Fault(
        name="celsius_text",
        fault="a half is rounded to even",
        perl=r"""
            sub celsius_text {
                my ($fahrenheit) = @_;

                my $celsius = ($fahrenheit - 32) / 1.8;
                my $whole = int($celsius + ($celsius < 0 ? -0.5 : 0.5));

                return $whole == 0 ? '0 C' : sprintf '%+d C', $whole;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def celsius_text(fahrenheit: Annotated[float, Interval(ge=-500, le=5000)]) -> str:
                celsius = (fahrenheit - 32) / 1.8
                whole = int(celsius + (-0.5 if celsius < 0 else 0.5))
                return "0 C" if whole == 0 else f"{whole:+d} C"
        """,
        wrong=("int(celsius + (-0.5 if celsius < 0 else 0.5))", "round(celsius)"),
        shows=(36.5,),
    ),
    Fault(
        name="to_roman",
        fault="one of the pairs that subtract is forgotten",
        perl=r"""
            sub to_roman {
                my ($n) = @_;

                my @parts = (
                    [1000, 'M'], [900, 'CM'], [500, 'D'], [400, 'CD'], [100, 'C'], [90, 'XC'],
                    [50, 'L'], [40, 'XL'], [10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I'],
                );
                my $out = '';
                for my $part (@parts) {
                    my ($value, $letters) = @$part;
                    while ($n >= $value) {
                        $out .= $letters;
                        $n -= $value;
                    }
                }

                return $out;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            PARTS = [
                (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
                (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
            ]


            def to_roman(n: Annotated[int, Interval(ge=0, le=3999)]) -> str:
                out = ""
                for value, letters in PARTS:
                    while n >= value:
                        out += letters
                        n -= value
                return out
        """,
        wrong=(' (400, "CD"),', ""),
        shows=(1400,),
    ),
]
