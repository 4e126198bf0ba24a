"""Users, schedules, levels, modes and networks of a system."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="env_value",
        fault="an escape within double quotes is left over",
        perl=r"""
            sub env_value {
                my ($line) = @_;

                my ($name, $value) = $line =~ /^(?:export )?([A-Z_][A-Z0-9_]*)=(.*)$/ or return;
                if ($value =~ /^"((?:[^"\\]|\\.)*)"/) {
                    $value = $1;
                    my %escape = (n => "\n", t => "\t", r => "\r");
                    $value =~ s/\\(.)/exists $escape{$1} ? $escape{$1} : $1/ge;
                }
                elsif ($value =~ /^'([^']*)'/) {
                    $value = $1;
                }
                else {
                    $value =~ s/[ \t]+#.*//;
                    $value =~ s/[ \t]+$//;
                }

                return { name => $name, value => $value };
            }
        """,
        right=r"""
            import re

            ESCAPE = {"n": "\n", "t": "\t", "r": "\r"}


            def env_value(line: str) -> dict[str, str] | None:
                found = re.match("(?:export )?([A-Z_][A-Z0-9_]*)=(.*)$", line)
                if not found:
                    return None
                name, value = found.groups()
                if quoted := re.match(r'"((?:[^"\\]|\\.)*)"', value):
                    value = re.sub(
                        r"\\(.)", lambda escape: ESCAPE.get(escape[1], escape[1]), quoted[1]
                    )
                elif quoted := re.match("'([^']*)'", value):
                    value = quoted[1]
                else:
                    value = re.sub("[ \t]+#.*", "", value, count=1)
                    value = re.sub("[ \t]+$", "", value, count=1)
                return {"name": name, "value": value}
        """,
        wrong=("ESCAPE.get(escape[1], escape[1])", "ESCAPE.get(escape[1], escape[0])"),
        shows=('A="x\\"y"',),
    ),
    Fault(
        name="passwd_entry",
        fault="the shell of a user who has none is empty",
        perl=r"""
            sub passwd_entry {
                my ($line) = @_;

                return undef if $line =~ /^(?:#|$)/;
                my ($user, undef, $uid, $gid, $gecos, $home, $shell) = split /:/, $line, -1;
                return undef if !defined $shell || $uid !~ /^[0-9]{1,6}$/;
                chomp $shell;
                my ($full) = split /,/, $gecos;

                return {
                    user  => $user,
                    uid   => $uid,
                    name  => $full // $user,
                    home  => $home || '/',
                    shell => $shell || '/bin/sh',
                };
            }
        """,
        right=r"""
            import re


            def passwd_entry(line: str) -> dict[str, str] | None:
                if re.match("#|$", line):
                    return None
                fields = line.split(":")
                if len(fields) < 7 or not re.match("[0-9]{1,6}$", fields[2]):
                    return None
                user, _, uid, _, gecos, home, shell = fields[:7]
                shell = shell.removesuffix("\n")
                return {
                    "user": user,
                    "uid": uid,
                    "name": gecos.split(",")[0] if gecos else user,
                    "home": home if home not in ("", "0") else "/",
                    "shell": shell if shell not in ("", "0") else "/bin/sh",
                }
        """,
        wrong=('shell if shell not in ("", "0") else "/bin/sh"', "shell"),
        shows=("www:x:33:33:www:/var/www:",),
    ),
    Fault(
        name="cron_field",
        fault="the last of a range is left out",
        perl=r"""
            sub cron_field {
                my ($field, $least, $most) = @_;

                my %values;
                for my $part (split /,/, $field) {
                    my ($range, $step) = split m{/}, $part;
                    $range = '' if !defined $range;
                    $step = 1   if !defined $step;
                    die "bad step\n" if $step !~ /^[1-9][0-9]?$/;
                    my ($first, $last) =
                        $range eq '*'                          ? ($least, $most)
                      : $range =~ /^([0-9]{1,2})-([0-9]{1,2})$/ ? ($1, $2)
                      : $range =~ /^([0-9]{1,2})$/              ? ($1, $1)
                      :                                          die "bad range\n";
                    die "out of range\n" if $first < $least || $last > $most;
                    for (my $i = $first; $i <= $last; $i += $step) {
                        $values{ $i + 0 } = 1;
                    }
                }

                return [sort { $a <=> $b } map { $_ + 0 } keys %values];
            }
        """,
        right=r"""
            import re
            from typing import Annotated

            from annotated_types import Interval

            Bound = Annotated[int, Interval(ge=0, le=59)]


            def cron_field(field: str, least: Bound, most: Bound) -> list[int]:
                values: set[int] = set()
                parts = field.rstrip(",").split(",") if field.strip(",") else []
                for part in parts:
                    range_, *more = part.split("/")
                    step = more[0] if more else "1"
                    if not re.match("[1-9][0-9]?$", step):
                        raise ValueError("bad step")
                    if range_ == "*":
                        first, last = least, most
                    elif found := re.match("([0-9]{1,2})-([0-9]{1,2})$", range_):
                        first, last = int(found[1]), int(found[2])
                    elif re.match("[0-9]{1,2}$", range_):
                        first = last = int(range_)
                    else:
                        raise ValueError("bad range")
                    if first < least or last > most:
                        raise ValueError("out of range")
                    values.update(range(first, last + 1, int(step)))
                return sorted(values)
        """,
        wrong=("last + 1, int(step)", "last, int(step)"),
        shows=("1-5", 0, 59),
    ),
    Fault(
        name="syslog_level",
        fault="a name of a level in capitals is not known",
        head="""
            my @levels = qw(emerg alert crit err warning notice info debug);
            my %number = map { $levels[$_] => $_ } 0 .. $#levels;
            @number{qw(panic error warn)} = @number{qw(emerg err warning)};
        """,
        perl=r"""
            sub syslog_level {
                my ($line) = @_;

                return $1 & 7 if $line =~ /^<([0-9]{1,3})>/;
                my ($word) = $line =~ /^(?:\[[^\]]*\] *)?([A-Za-z]+)(?::|$)/;
                return 6 if !defined $word;
                $word =~ tr/A-Z/a-z/;

                return exists $number{$word} ? $number{$word} : 6;
            }
        """,
        right=r"""
            import re

            LEVELS = "emerg alert crit err warning notice info debug".split()
            NUMBER = {level: number for number, level in enumerate(LEVELS)}
            NUMBER |= {"panic": 0, "error": 3, "warn": 4}


            def syslog_level(line: str) -> int:
                if found := re.match("<([0-9]{1,3})>", line):
                    return int(found[1]) & 7
                found = re.match(r"(?:\[[^\]]*\] *)?([A-Za-z]+)(?::|$)", line)
                return NUMBER.get(found[1].lower(), 6) if found else 6
        """,
        wrong=("found[1].lower()", "found[1]"),
        shows=("ERROR: disk",),
    ),
    Fault(
        name="in_network",
        fault="a mask of /32 is rejected",
        perl=r"""
            sub in_network {
                my ($address, $network) = @_;

                my ($base, $bits) = $network =~ m{^([0-9.]+)/([0-9]{1,2})$} or return 0;
                return 0 if $bits > 32;
                my @numbers;
                for my $text ($address, $base) {
                    my @parts = $text =~ /^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/
                        or return 0;
                    return 0 if grep { $_ > 255 } @parts;
                    push @numbers, $parts[0] << 24 | $parts[1] << 16 | $parts[2] << 8 | $parts[3];
                }
                my $mask = $bits ? 0xFFFFFFFF << (32 - $bits) & 0xFFFFFFFF : 0;

                return ($numbers[0] & $mask) == ($numbers[1] & $mask) ? 1 : 0;
            }
        """,
        right=r"""
            import re

            FORM = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$")


            def in_network(address: str, network: str) -> int:
                found = re.match("([0-9.]+)/([0-9]{1,2})$", network)
                if not found or int(found[2]) > 32:
                    return 0
                bits = int(found[2])
                numbers = []
                for text in (address, found[1]):
                    four = FORM.match(text)
                    if not four:
                        return 0
                    parts = [int(part) for part in four.groups()]
                    if max(parts) > 255:
                        return 0
                    numbers.append(parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3])
                mask = 0xFFFFFFFF << (32 - bits) & 0xFFFFFFFF if bits else 0
                return int(numbers[0] & mask == numbers[1] & mask)
        """,
        wrong=("int(found[2]) > 32", "int(found[2]) >= 32"),
        shows=("10.0.0.1", "10.0.0.1/32"),
    ),
    Fault(
        name="cidr_range",
        fault="the last address is one too far",
        perl=r"""
            sub cidr_range {
                my ($number, $bits) = @_;

                my $size = 2**(32 - $bits);
                my $first = $number - $number % $size;
                my @ends;
                for my $one ($first, $first + $size - 1) {
                    push @ends, join '.', map { $one >> $_ & 255 } 24, 16, 8, 0;
                }

                return $ends[0] eq $ends[1] ? $ends[0] : join '-', @ends;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            Address = Annotated[int, Interval(ge=0, le=2**32 - 1)]


            def cidr_range(number: Address, bits: Annotated[int, Interval(ge=0, le=32)]) -> str:
                size = 2 ** (32 - bits)
                first = number - number % size
                ends = [
                    ".".join(str(one >> shift & 255) for shift in (24, 16, 8, 0))
                    for one in (first, first + size - 1)
                ]
                return ends[0] if ends[0] == ends[1] else "-".join(ends)
        """,
        wrong=("first + size - 1)", "first + size)"),
        shows=(0x0A000001, 32),
    ),
    Fault(
        name="mode_text",
        fault="the sticky bit without x is a small letter",
        perl=r"""
            sub mode_text {
                my ($mode) = @_;

                my $out = '';
                for my $i (0 .. 8) {
                    $out .= $mode & (0400 >> $i) ? substr('rwxrwxrwx', $i, 1) : '-';
                }
                substr $out, 2, 1, $mode & 0100 ? 's' : 'S' if $mode & 04000;
                substr $out, 5, 1, $mode & 0010 ? 's' : 'S' if $mode & 02000;
                substr $out, 8, 1, $mode & 0001 ? 't' : 'T' if $mode & 01000;

                return $out;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def mode_text(mode: Annotated[int, Interval(ge=0, le=0o7777)]) -> str:
                out = ["rwxrwxrwx"[i] if mode & (0o400 >> i) else "-" for i in range(9)]
                if mode & 0o4000:
                    out[2] = "s" if mode & 0o100 else "S"
                if mode & 0o2000:
                    out[5] = "s" if mode & 0o010 else "S"
                if mode & 0o1000:
                    out[8] = "t" if mode & 0o001 else "T"
                return "".join(out)
        """,
        wrong=('"t" if mode & 0o001 else "T"', '"t"'),
        shows=(0o1770,),
    ),
]
