"""Versions, check digits and natural order."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="isbn10",
        fault="a small x as the check digit is forgotten",
        perl=r"""
            sub isbn10 {
                my ($isbn) = @_;

                $isbn =~ s/[- ]//g;
                return 0 if $isbn !~ /^[0-9]{9}[0-9Xx]$/;
                my $sum = 0;
                for my $i (0 .. 9) {
                    my $digit = substr $isbn, $i, 1;
                    $digit = 10 if $digit =~ /x/i;
                    $sum += (10 - $i) * $digit;
                }

                return $sum % 11 == 0 ? 1 : 0;
            }
        """,
        right=r"""
            import re


            def isbn10(isbn: str) -> int:
                isbn = re.sub("[- ]", "", isbn)
                if not re.match("[0-9]{9}[0-9Xx]$", isbn):
                    return 0
                total = 0
                for i, letter in enumerate(isbn[:10]):
                    digit = 10 if letter in "Xx" else int(letter)
                    total += (10 - i) * digit
                return int(total % 11 == 0)
        """,
        wrong=("[0-9Xx]$", "[0-9X]$"),
        shows=("0-8044-2957-x",),
    ),
    Fault(
        name="isbn13_from_10",
        fault="a sum of whole tens gives the check digit 10",
        perl=r"""
            sub isbn13_from_10 {
                my ($isbn) = @_;

                return undef if $isbn !~ /^([0-9]{9})[0-9X]$/;
                my $start = "978$1";
                my ($sum, $weight) = (0, 1);
                for my $digit (split //, $start) {
                    $sum += $weight * $digit;
                    $weight = 4 - $weight;
                }

                return $start . (10 - $sum % 10) % 10;
            }
        """,
        right=r"""
            import re


            def isbn13_from_10(isbn: str) -> str | None:
                found = re.match("([0-9]{9})[0-9X]$", isbn)
                if not found:
                    return None
                start = f"978{found[1]}"
                total, weight = 0, 1
                for digit in start:
                    total += weight * int(digit)
                    weight = 4 - weight
                return start + str((10 - total % 10) % 10)
        """,
        wrong=("str((10 - total % 10) % 10)", "str(10 - total % 10)"),
        shows=("0000000200",),
    ),
    Fault(
        name="ean13",
        fault="the weights begin with three",
        perl=r"""
            sub ean13 {
                my ($code) = @_;

                die "not 13 digits\n" if $code !~ /\A[0-9]{13}\z/;
                my @digits = split //, $code;
                my $check = pop @digits;
                my $sum = 0;
                for my $i (0 .. $#digits) {
                    $sum += $digits[$i] * ($i % 2 ? 3 : 1);
                }

                return $check == (10 - $sum % 10) % 10 ? 'valid' : 'wrong check digit';
            }
        """,
        right=r"""
            import re


            def ean13(code: str) -> str:
                if not re.fullmatch("[0-9]{13}", code):
                    raise ValueError("not 13 digits")
                *digits, check = map(int, code)
                total = 0
                for i, digit in enumerate(digits):
                    total += digit * (3 if i % 2 else 1)
                return "valid" if check == (10 - total % 10) % 10 else "wrong check digit"
        """,
        wrong=("(3 if i % 2 else 1)", "(1 if i % 2 else 3)"),
        shows=("4006381333931",),
    ),
    Fault(
        name="luhn",
        fault="a nine that is doubled becomes 0, not 9",
        perl=r"""
            sub luhn {
                my ($number) = @_;

                $number =~ s/[ -]//g;
                return 0 if $number !~ /^[0-9]{12,19}$/;
                chomp $number;
                my ($sum, $double) = (0, 0);
                for my $digit (reverse split //, $number) {
                    my $value = $double ? 2 * $digit : $digit;
                    $value -= 9 if $value > 9;
                    $sum += $value;
                    $double = !$double;
                }

                return $sum % 10 ? 0 : 1;
            }
        """,
        right=r"""
            import re


            def luhn(number: str) -> int:
                number = re.sub("[ -]", "", number)
                if not re.match("[0-9]{12,19}$", number):
                    return 0
                total = 0
                for i, digit in enumerate(reversed(number.removesuffix("\n"))):
                    value = 2 * int(digit) if i % 2 else int(digit)
                    if value > 9:
                        value -= 9
                    total += value
                return 0 if total % 10 else 1
        """,
        wrong=("    if value > 9:\n            value -= 9\n", "    value %= 9\n"),
        shows=("0000 0000 0091",),
    ),
    Fault(
        name="iban",
        fault="the blanks between groups of four are not taken out",
        head="my %length = (DE => 22, FR => 27, GB => 22, NL => 18, NO => 15, CH => 21, ES => 24);",
        perl=r"""
            sub iban {
                my ($iban) = @_;

                $iban =~ s/ //g;
                return 'form' if $iban !~ /^([A-Z]{2})([0-9]{2})([0-9A-Z]{10,30})$/;
                my ($country, $check, $account) = ($1, $2, $3);
                return 'country' if !exists $length{$country};
                return 'length'  if length("$country$check$account") != $length{$country};

                my $rest = 0;
                for my $letter (split //, "$account$country$check") {
                    my $value = $letter =~ /[A-Z]/ ? ord($letter) - 55 : $letter;
                    $rest = ($rest * ($value > 9 ? 100 : 10) + $value) % 97;
                }

                return $rest == 1 ? 'ok' : 'check';
            }
        """,
        right=r"""
            import re

            LENGTH = {"DE": 22, "FR": 27, "GB": 22, "NL": 18, "NO": 15, "CH": 21, "ES": 24}


            def iban(iban: str) -> str:
                iban = iban.replace(" ", "")
                found = re.match("([A-Z]{2})([0-9]{2})([0-9A-Z]{10,30})$", iban)
                if not found:
                    return "form"
                country, check, account = found.groups()
                if country not in LENGTH:
                    return "country"
                if len(country + check + account) != LENGTH[country]:
                    return "length"
                digits = "".join(str(int(letter, 36)) for letter in account + country + check)
                return "ok" if int(digits) % 97 == 1 else "check"
        """,
        wrong=('    iban = iban.replace(" ", "")\n', ""),
        shows=("DE89 3704 0044 0532 0130 00",),
    ),
    Fault(
        name="version_compare",
        fault="zeros at the start of a part count",
        perl=r"""
            sub version_compare {
                my ($left, $right) = @_;

                my @left  = split /\./, $left;
                my @right = split /\./, $right;
                while (@left || @right) {
                    my $one   = shift @left  // '';
                    my $other = shift @right // '';
                    s/[^0-9].*//s, s/^0+// for $one, $other;
                    my $order = length $one <=> length $other || $one cmp $other;
                    return $order if $order;
                }

                return 0;
            }
        """,
        right=r"""
            import re
            from itertools import zip_longest


            def version_compare(left: str, right: str) -> int:
                for one, other in zip_longest(left.split("."), right.split("."), fillvalue=""):
                    one, other = (
                        re.sub("[^0-9].*", "", part, flags=re.S).lstrip("0")
                        for part in (one, other)
                    )
                    if (len(one), one) != (len(other), other):
                        return 1 if (len(one), one) > (len(other), other) else -1
                return 0
        """,
        wrong=('.lstrip("0")', ""),
        shows=("1.0", "1"),
    ),
    Fault(
        name="package_order",
        fault="the tilde does not sort before the end",
        perl=r"""
            # package_order: how two upstream versions sort; letters before all but ~ and the end
            sub package_order {
                my ($left, $right) = @_;

                my $weight = sub {
                    my ($letter) = @_;
                    return $letter eq '~' ? -1 : ord($letter) + ($letter =~ /[A-Za-z]/ ? 0 : 256);
                };
                while ($left ne '' || $right ne '') {
                    while ($left =~ /^[^0-9]/ || $right =~ /^[^0-9]/) {
                        my $one   = $left  =~ s/^([^0-9])// ? $weight->($1) : 0;
                        my $other = $right =~ s/^([^0-9])// ? $weight->($1) : 0;
                        return $one <=> $other if $one != $other;
                    }
                    my $one   = $left  =~ s/^0*([0-9]*)// ? $1 : '';
                    my $other = $right =~ s/^0*([0-9]*)// ? $1 : '';
                    my $order = length $one <=> length $other || $one cmp $other;
                    return $order if $order;
                }

                return 0;
            }
        """,
        right=r"""
            import re
            from itertools import zip_longest


            def weight(letter: str) -> int:
                if letter == "~":
                    return -1
                return ord(letter) + (0 if re.match("[A-Za-z]", letter) else 256)


            def compare(one: object, other: object) -> int:
                return (one > other) - (one < other)


            def package_order(left: str, right: str) -> int:
                parts = [re.findall("([^0-9]*)0*([0-9]*)", one) for one in (left, right)]
                for one, other in zip_longest(*parts, fillvalue=("", "")):
                    weights = [[*map(weight, text)] for text, _ in (one, other)]
                    for pair in zip_longest(*weights, fillvalue=0):
                        if order := compare(*pair):
                            return order
                    if order := compare(*((len(digits), digits) for _, digits in (one, other))):
                        return order
                return 0
        """,
        wrong=("return -1", "return 0"),
        shows=("1.0~", "1.0"),
    ),
    Fault(
        name="semver_precedence",
        fault="a release is less than its pre-release",
        perl=r"""
            sub semver_precedence {
                my ($left, $right) = @_;

                my $form = qr/^([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:-([0-9A-Za-z.-]+))?$/;
                my @one   = $left  =~ $form or return undef;
                my @other = $right =~ $form or return undef;
                for my $i (0 .. 2) {
                    my $order = $one[$i] <=> $other[$i];
                    return $order if $order;
                }
                my ($pre, $other_pre) = ($one[3], $other[3]);
                return 0  if !defined $pre && !defined $other_pre;
                return 1  if !defined $pre;
                return -1 if !defined $other_pre;

                return $pre cmp $other_pre;
            }
        """,
        right=r"""
            import re

            FORM = re.compile(
                r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:-([0-9A-Za-z.-]+))?$"
            )


            def semver_precedence(left: str, right: str) -> int | None:
                one, other = FORM.match(left), FORM.match(right)
                if not one or not other:
                    return None
                keys = [
                    (*map(int, found.groups()[:3]), found[4] is None, found[4] or "")
                    for found in (one, other)
                ]
                return (keys[0] > keys[1]) - (keys[0] < keys[1])
        """,
        wrong=("found[4] is None, found", "found[4] is not None, found"),
        shows=("1.0.0", "1.0.0-rc.1"),
    ),
    Fault(
        name="bump_version",
        fault="the parts behind the one that is raised are kept",
        perl=r"""
            sub bump_version {
                my ($version, $part) = @_;

                my ($prefix, $major, $minor, $patch) =
                    $version =~ /^(v?)([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?$/
                    or die "no version\n";
                $patch = 0 if !defined $patch;
                if    ($part eq 'major') { ($major, $minor, $patch) = ($major + 1, 0, 0) }
                elsif ($part eq 'minor') { ($minor, $patch) = ($minor + 1, 0) }
                else                     { $patch++ }

                return sprintf '%s%d.%d.%d', $prefix, $major, $minor, $patch;
            }
        """,
        right=r"""
            import re


            def bump_version(version: str, part: str) -> str:
                form = r"(v?)([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?$"
                found = re.match(form, version)
                if not found:
                    raise ValueError("no version")
                major, minor, patch = (int(found[i] or 0) for i in (2, 3, 4))
                if part == "major":
                    major, minor, patch = major + 1, 0, 0
                elif part == "minor":
                    minor, patch = minor + 1, 0
                else:
                    patch += 1
                return f"{found[1]}{major}.{minor}.{patch}"
        """,
        wrong=("minor, patch = minor + 1, 0", "minor = minor + 1"),
        shows=("v1.2.3", "minor"),
    ),
    Fault(
        name="natural_sort",
        fault="capitals sort before all small letters",
        perl=r"""
            sub natural_sort {
                my ($names) = @_;

                my %key;
                for my $name (@$names) {
                    my $key = $name;
                    $key =~ tr/A-Z/a-z/;
                    $key =~ s/([0-9]{1,9})/sprintf '%09d', $1/ge;
                    $key{$name} = $key;
                }

                return [sort { $key{$a} cmp $key{$b} || $a cmp $b } @$names];
            }
        """,
        right=r"""
            import re
            from string import ascii_lowercase, ascii_uppercase

            LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


            def natural_sort(names: list[str]) -> list[str]:
                def key(name: str) -> tuple[str, str]:
                    padded = re.sub(
                        "[0-9]{1,9}", lambda found: found[0].zfill(9), name.translate(LOWER)
                    )
                    return padded, name

                return sorted(names, key=key)
        """,
        wrong=("name.translate(LOWER)", "name"),
        shows=(["b", "A", "C"],),
    ),
]
