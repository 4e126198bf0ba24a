"""What the parser finds in the modules of the system's perl: python tests/benchmarks/perl_subs.py

Each module that `perl` brings is loaded in a perl of its own that notes the lines of its subs
(%DB::sub); these are compared with what `perl_source.subs` finds in the file. Then its copy with
line numbers for each statement is loaded (see perl_statements.py): it has to define the same subs,
and perl has to have each statement under a number that is its own. Prints the figures, the kinds of
misses, and examples of each.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from parity.project import perl_source, perl_statements

EXAMPLES = 8
LOST = "not measurable"
TIMEOUT = 20  # seconds a module

FOLDERS = r"""
use Config;
my %seen;
my @own = (@Config{qw(privlibexp archlibexp)}, grep { m{/perl-base\z} } @INC);
print "$_\0" for grep { !$seen{$_}++ } @own;
"""
# Prints triples: "sub", a name of %DB::sub and its place; "code", the name of code that B finds in
# a stash and %DB::sub lacks, with its place and the name that it was made with.
LOAD = r"""
BEGIN { $^P |= 0x12; }
sub DB::DB { }
use B ();
open my $out, '>&', \*STDOUT; open STDOUT, '>', '/dev/null';
my ($path, $file, $copy) = @ARGV;
unshift @INC, sub {
    return if $_[1] ne $path || !defined $copy;
    $INC{$path} = $file;
    open my $in, '<', $copy or die;
    return $in;
};
@ARGV = ();
my $loaded = eval { require $path };
print STDERR $@;
$file = $INC{$path};
exit 1 if !$loaded || !defined $file || ref $file;
print {$out} "file\0$file\0";
print {$out} "sub\0$_\0$DB::sub{$_}\0" for sort keys %DB::sub;
my (@stashes, %seen) = 'main::';
while (defined(my $stash = shift @stashes)) {
    next if $seen{$stash}++ || $stash =~ /\A(?:main::)?(?:main|B|DB)::\z/ && $stash ne 'main::';
    my $package = $stash =~ s/\Amain::(?=.)//r =~ s/::\z//r;
    for my $name (sort keys %{$stash}) {
        if ($name =~ /::\z/) { push @stashes, $stash eq 'main::' ? $name : "$stash$name"; next }
        my $full = "${package}::$name";
        next if $DB::sub{$full} || !defined &{$full};
        my $cv = B::svref_2object(\&{$full});
        next if !$cv->START->isa('B::COP') && !${$cv->START};
        my $gv = $cv->GV;
        my $line = $cv->START->isa('B::COP') ? $cv->START->line : 0;
        my $made = $gv->can('NAME') ? $gv->STASH->NAME . '::' . $gv->NAME : '?';
        print {$out} "code\0$full\0", $cv->FILE, ":$line-$made\0";
    }
}
no warnings 'numeric';
my $lines = \@{"main::_<$file"};
my @known = grep { defined $lines->[$_] && $lines->[$_] != 0 } 0 .. $#{$lines};
print {$out} "lines\0@known\0\0";
close $out;
require POSIX; POSIX::_exit(0);
"""
NOT_NAMED = re.compile(r"::(?:__ANON__.*|BEGIN|INIT|END|UNITCHECK|CHECK)$")


def perl(program: str, *arguments: str, cwd: str = ".") -> list[str]:
    """What a perl program prints, split at NUL; nothing where it fails."""
    words = ["perl", "-e", program, *arguments]
    try:
        run = subprocess.run(
            words, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return []
    return run.stdout.decode("utf-8", "replace").split("\0")[:-1] if run.returncode == 0 else []


def modules() -> list[str]:
    """The modules of perl itself, as `require` names their files."""
    folders = [Path(folder) for folder in perl(FOLDERS)]
    return sorted({str(f.relative_to(top)) for top in folders for f in top.rglob("*.pm")})


class Figures:
    """The figures of all modules so far."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = defaultdict(list)

    def note(self, kind: str, what: str) -> None:
        """Count something, and keep it as an example of its kind."""
        self.counts[kind] += 1
        self.examples[kind].append(what)

    def add(self, told: list[str]) -> None:
        """Add a module: what its perl printed."""
        file = told[1]
        source = Path(file).read_bytes()
        text = source.decode("utf-8", "replace")
        parsed = perl_source.subs(source)
        by_name = defaultdict(list)
        for sub in parsed:
            by_name[sub.name].append(sub)
        self.counts["modules"] += 1
        if lines := perl_source.errors(source):
            self.note("files with a syntax error", f"{file}:{lines[0]}")
        known = set()
        for kind, name, place in zip(told[2::3], told[3::3], told[4::3], strict=True):
            if kind == "lines":
                continue
            where, lines_of, rest = re.fullmatch(r"(.*):(\d+)-(.*)", place, re.DOTALL).groups()
            known.add(name)
            if where != file or NOT_NAMED.search(name) or name.startswith("CORE::"):
                continue
            line = int(lines_of)
            if kind == "code":
                found = any(sub.assigned for sub in by_name[name])
                made = "*name = sub" if rest.endswith("__ANON__") else "*name = \\&other"
                literal = re.search(rf"\*(?:\w+::)*{re.escape(plain(name))}\s*=", text)
                how = "found" if found else "named" if literal else "its name is made at run time"
                self.note(f"{made}: {how}", f"{name} {place}")
                continue
            self.counts["subs"] += 1
            if any(sub.line <= line <= sub.end for sub in by_name[name]):
                self.counts["subs found"] += 1
            elif by_name[name]:
                self.note("sub: other lines", f"{name} {place} {by_name[name][0]}")
            elif any(plain(other) == plain(name) for other in by_name):
                self.note("sub: other package", f"{name} {place}")
            else:
                self.note("sub: not found", f"{name} {place}")
        for sub in parsed:
            self.counts["parsed"] += 1
            if sub.name not in known:
                self.note(f"parsed only: {reason(source, sub)}", f"{sub.name} {file}:{sub.line}")

    def add_copy(self, told: list[str], copied: list[str], copy: perl_statements.Copy) -> None:
        """Add a module's statements: what perl printed of the module and of its copy."""
        file, source = told[1], Path(told[1]).read_bytes()
        self.counts["statements"] += len(copy.statements)
        if not copied:
            self.counts[LOST] += len(copy.statements)
            self.note("a copy that does not load", file)
            return
        if different := _subs(told) ^ _subs(copied):
            self.note("a copy with other subs", f"{file} {sorted(different)}")
        plain, known = _lines(told), _lines(copied)
        subs = [sub.span for sub in perl_source.subs(source)]
        for one in copy.statements:
            last = one.line + source[slice(*one.span)].count(b"\n")
            place = f"{file}:{one.line}:{one.column}"
            if not one.numbers:
                self.note(f"{LOST}: it cannot be moved", place)
            elif known.intersection(one.numbers):
                continue
            elif not plain.intersection(range(one.line, last + 1)):
                self.note("no statement to perl: folded away, or freed after it ran", place)
            elif any(start < one.span[0] < end for start, end in subs):
                self.note(f"{LOST}: perl has it under another number", place)
            else:
                self.note(f"{LOST}: perl freed it after loading", place)

    def show(self) -> None:
        """Print all."""
        counts = self.counts
        for kind in ("modules", "not loaded", "subs", "subs found", "parsed", "statements"):
            print(f"{counts[kind]:7,} {kind}")
        print(f"{counts['subs found'] / counts['subs']:7.2%} of the subs found")
        lost = sum(count for kind, count in counts.items() if kind.startswith(LOST))
        print(f"{lost / counts['statements']:7.2%} of the statements not measurable")
        for kind, some in sorted(self.examples.items()):
            print(f"{counts[kind]:7,} {kind}", *some[:EXAMPLES], sep="\n            ")


def _subs(told: list[str]) -> set[str]:
    triples = zip(told[2::3], told[3::3], strict=False)
    return {name for kind, name in triples if kind == "sub" and "__ANON__" not in name}


def _lines(told: list[str]) -> set[int]:
    return set(map(int, told[-2].split()))


def plain(name: str) -> str:
    return name.rpartition("::")[2]


def reason(source: bytes, sub: perl_source.Sub) -> str:
    """Why perl doesn't know a sub that the parser found."""
    text = source[slice(*sub.span)]
    if sub.assigned:
        return "*name = sub, in code that did not run"
    if sub.name.startswith("DB::"):
        return "of package DB, which perl does not note"
    if re.match(rb"sub\s+[\w:]+\s*\(\s*\)", text):
        return "a constant, which perl inlines"
    return "not known"


def main() -> None:
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        for module in [name for name in modules() if sys.argv[1:2] in ([], [name])]:
            told = perl(LOAD, module, cwd=folder)
            if not told:
                figures.note("not loaded", module)
                continue
            figures.add(told)
            copy = perl_statements.isolate(Path(told[1]).read_bytes(), told[1])
            Path(folder, "copy").write_bytes(copy.text)
            figures.add_copy(told, perl(LOAD, module, told[1], "copy", cwd=folder), copy)
    figures.show()


if __name__ == "__main__":
    main()
