"""Subs and ports that do what a calculation should not, and the verdict that each gets."""

from __future__ import annotations

from dataclasses import dataclass

IMPORTS = "import os\nimport signal\nimport sys\nimport time\nfrom typing import Any\n\n\n"
SAME = "def f(x: float) -> float:\n    return x\n"


@dataclass(frozen=True)
class Wild:
    """A sub f and a port f, what comes of them, and words of the reason."""

    name: str
    perl: str = "my ($x) = @_; return $x"
    python: str = SAME
    verdict: str = "identical"
    words: tuple[str, ...] = ()
    few: bool = False  # three cases are enough

    @property
    def in_perl(self) -> bool:
        """Whether another perl may make a difference."""
        return not self.name.startswith("port_")


def raising(text: str) -> str:
    return f"def f(x: float) -> float:\n    if x == 3:\n        raise {text}\n    return x\n"


RUN = "could not run"
HARMLESS = [
    Wild(
        "dies_with_text",
        'my ($x) = @_; die "no\\n" if $x == 3; return $x',
        raising("ValueError('no')"),
    ),
    Wild(
        "dies_with_an_object",
        'my ($x) = @_; die bless [], "Bad" if $x == 3; return $x',
        f"class Bad(Exception):\n    pass\n\n\n{raising('Bad')}",
    ),
    Wild(
        "dies_without_message",
        "my ($x) = @_; die if $x == 3; return $x",
        raising("ValueError('Died')"),
    ),
    Wild(
        "dies_with_nothing_but_a_newline",
        'my ($x) = @_; die "\\n" if $x == 3; return $x',
        raising("ValueError"),
    ),
    Wild("warns", 'my ($x) = @_; warn "careful\\n"; warn undef; return $x'),
    Wild(
        "reads_stdin",
        "my @lines = <STDIN>; my $line = <STDIN>; return scalar(@lines) . (defined $line ? 1 : 0)",
        "def f(x: float) -> str:\n    return f'{len(sys.stdin.readlines())}0'\n",
    ),
    Wild(
        "changes_the_special_variables",
        "my $seen = join '|', map { defined $_ ? $_ : 'undef' } $_, $,, $\\, $/;"
        ' $_ = 5; $, = "-"; $\\ = "!"; $/ = undef; return $seen',
        "def f(x: float) -> str:\n    return 'undef|undef|undef|\\n'\n",
    ),
    Wild(
        "selects_stderr",
        'my ($x) = @_; print "a\\n"; select STDERR; print "b\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    print('b', file=sys.stderr)\n"
        "    return x\n",
    ),
    Wild(
        "closes_stdout",
        'my ($x) = @_; print "a\\n"; close STDOUT; return $x',
        "def f(x: float) -> float:\n    print('a')\n    return x\n",
    ),
    Wild(
        "closes_stderr",
        "my ($x) = @_; close STDERR; close STDIN; return $x",
    ),
    Wild(
        "sends_stdout_elsewhere",
        'my ($x) = @_; print "a\\n"; open STDOUT, ">", "/dev/null" or die; print "b\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    return x\n",
    ),
    Wild(
        "starts_a_program",
        'my ($x) = @_; print "a\\n"; system q{echo b}; print "c\\n"; return $x',
        "def f(x: float) -> float:\n    import subprocess\n\n    print('a')\n"
        "    subprocess.run(['echo', 'b'])\n    print('c')\n    return x\n",
        few=True,
    ),
    Wild(
        "starts_another_program",
        "my ($x) = @_; system q{echo b}; return $x",
        "def f(x: float) -> float:\n    import subprocess\n\n"
        "    subprocess.run(['echo', 'c'])\n    return x\n",
        "differs",
        few=True,
    ),
    Wild(
        "writes_to_the_descriptor",
        'my ($x) = @_; syswrite STDOUT, "a\\n"; return $x',
        "def f(x: float) -> float:\n    os.write(1, b'a\\n')\n    return x\n",
    ),
    Wild("changes_the_directory", "my ($x) = @_; chdir '/' or die; return $x"),
    Wild("clears_the_environment", "my ($x) = @_; %ENV = (); @INC = (); @ARGV = (1); return $x"),
    Wild(
        "uses_alarm",
        'my ($x) = @_; local $SIG{ALRM} = sub { die "slow\\n" };'
        " my $y = eval { alarm 5; my $z = $x / 3; alarm 0; $z }; return $y",
        "def f(x: float) -> float:\n    return x / 3\n",
    ),
    Wild(
        "gets_a_signal",
        "my $n = 0; local $SIG{ALRM} = sub { $n++ }; kill 'ALRM', $$; return $n",
        "def f(x: float) -> int:\n    return 1\n",
    ),
    Wild(
        "rewrites_its_errors",
        'my ($x) = @_; $SIG{__DIE__} = sub { die "wrapped: $_[0]" }; die "no\\n" if $x == 3;'
        " return $x",
        raising("ValueError('wrapped: no')"),
    ),
    Wild(
        "dies_of_a_warning",
        'my ($x) = @_; $SIG{__WARN__} = sub { die $_[0] }; warn "no\\n" if $x == 3; return $x',
        raising("ValueError('no')"),
    ),
    Wild(
        "forks_and_returns_twice",
        "my $pid = fork; die unless defined $pid; return $pid ? 1 : 0",
        "def f(x: float) -> int:\n    return 1\n",
        few=True,
    ),
    Wild(
        "leaves_a_child",
        "my ($x) = @_; my $pid = fork; if (!$pid) { sleep 1000; exit } return $x",
        few=True,
    ),
    Wild("leaves_a_program", "my ($x) = @_; system 'sleep 1000 &'; return $x", few=True),
    Wild(
        "port_closes_stdout",
        'my ($x) = @_; print "a\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    sys.stdout.close()\n    return x\n",
    ),
    Wild(
        "port_replaces_stdout",
        'my ($x) = @_; print "a\\n"; return $x',
        "def f(x: float) -> float:\n    print('a')\n    sys.stdout = None\n    return x\n",
    ),
    Wild(
        "port_changes_the_directory",
        python="def f(x: float) -> float:\n    os.chdir('/')\n    os.environ.clear()\n"
        "    return x\n",
    ),
    Wild(
        "port_leaves_a_child",
        python="def f(x: float) -> float:\n    if os.fork() == 0:\n        time.sleep(1000)\n"
        "    return x\n",
        few=True,
    ),
    Wild(
        "port_forks_and_returns_twice",
        "return 1",
        "def f(x: float) -> int:\n    return 1 if os.fork() else 0\n",
        few=True,
    ),
]

ENDING = [
    Wild(
        "exits",
        "my ($x) = @_; exit 3 if $x == 12.5; return $x",
        verdict=RUN,
        words=("exit(3)", "x = 12.5"),
    ),
    Wild("exits_with_success", "exit", verdict=RUN, words=("exit(0)",)),
    Wild(
        "exits_in_an_eval",
        "eval { exit 4 }; return 1",
        verdict=RUN,
        words=("exit(4)",),
    ),
    Wild(
        "never_returns",
        "my ($x) = @_; if ($x == 12.5) { 1 while 1 } return $x",
        verdict=RUN,
        words=("the Perl sub did not return within 1 s", "x = 12.5"),
    ),
    Wild(
        "sleeps",
        "local $SIG{TERM} = 'IGNORE'; local $SIG{INT} = 'IGNORE'; sleep 1000",
        verdict=RUN,
        words=("did not return within 1 s",),
    ),
    Wild("stops_itself", "kill 'STOP', $$; return 1", verdict=RUN, words=("within 1 s",)),
    Wild(
        "kills_itself",
        "my ($x) = @_; kill 'KILL', $$ if $x == 12.5; return $x",
        verdict=RUN,
        words=("signal 9", "x = 12.5"),
    ),
    Wild(
        "ends_itself",
        "my ($x) = @_; kill 'TERM', $$ if $x == 12.5; return $x",
        verdict=RUN,
        words=("signal 15", "x = 12.5"),
    ),
    Wild(
        "crashes_in_c",
        "my ($x) = @_; my $s = unpack 'p', pack 'J', 1 if $x == 12.5; return $x",
        verdict=RUN,
        words=("signal 11", "x = 12.5"),
    ),
    Wild(
        "port_crashes_in_c",
        python="import ctypes\n\n\ndef f(x: float) -> float:\n    if x == 12.5:\n"
        "        ctypes.string_at(1)\n    return x\n",
        verdict=RUN,
        words=("the Python port", "signal 11", "x = 12.5"),
    ),
    Wild("kills_its_group", "kill '-TERM', getppid; sleep 1000", verdict=RUN),
    Wild("becomes_another_program", "exec 'true'", verdict=RUN, words=("perl ended",)),
    Wild(
        "closes_everything",
        "require POSIX; POSIX::close($_) for 3 .. 50; return 1",
        verdict=RUN,
        words=("perl",),
    ),
    Wild(
        "calls_itself",
        "no warnings 'recursion'; my ($x) = @_; return $x == 12.5 ? f($x) : $x;",
        verdict=RUN,
        words=("x = 12.5",),
    ),
    Wild(
        "takes_all_memory",
        "my ($x) = @_; my $t = 'x' x ($x * 1e11) if $x == 12.5; return $x",
        verdict=RUN,
        words=("emory", "x = 12.5"),
    ),
    Wild(
        "port_never_returns",
        "my ($x) = @_; return $x",
        "def f(x: float) -> float:\n    while x == 12.5:\n        pass\n    return x\n",
        RUN,
        ("the Python port did not return within 1 s", "x = 12.5"),
    ),
    Wild(
        "port_catches_everything",
        "my ($x) = @_; return $x",
        "def f(x: float) -> float:\n    while x == 12.5:\n        try:\n            time.sleep(9)\n"
        "        except BaseException:\n            pass\n    return x\n",
        RUN,
        ("the Python port did not return within 1 s", "x = 12.5"),
    ),
    Wild("port_exits", python=raising("SystemExit(3)"), verdict=RUN, words=("SystemExit", "= 3.0")),
    Wild(
        "port_raises_an_interrupt",
        python=raising("KeyboardInterrupt"),
        verdict=RUN,
        words=("KeyboardInterrupt", "= 3.0"),
    ),
    Wild(
        "port_ends_its_process",
        python="def f(x: float) -> float:\n    if x == 12.5:\n        os._exit(3)\n    return x\n",
        verdict=RUN,
        words=("the Python port", "exit status 3", "x = 12.5"),
    ),
    Wild(
        "port_kills_itself",
        python="def f(x: float) -> float:\n    if x == 12.5:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n    return x\n",
        verdict=RUN,
        words=("the Python port", "signal 9", "x = 12.5"),
    ),
    Wild(
        "port_calls_itself",
        python="def f(x: float) -> float:\n    return f(x) if x == 12.5 else x\n",
        verdict="differs",
    ),
    Wild(
        "port_takes_all_memory",
        python="def f(x: float) -> float:\n    y = bytearray(2**45 if x == 12.5 else 1)\n"
        "    return x\n",
        verdict="differs",
    ),
]

NONE = "def f(x: float) -> Any:\n    return None\n"
RESULTS = [
    Wild("glob", "return *STDOUT", NONE, RUN, ("GLOB",)),
    Wild("file_handle", "open my $h, '<', '/dev/null'; return $h", NONE, RUN, ("GLOB",)),
    Wild(
        "object",
        "return { a => [1, bless {}, 'My::Thing'] }",
        "def f(x: float) -> Any:\n    return {'a': [1, None]}\n",
        RUN,
        ("My::Thing", "a[1]"),
    ),
    Wild("pattern", "return qr/a/", NONE, RUN, ("Regexp",)),
    Wild(
        "overloaded",
        "require overload; eval q{package My::Money; use overload '+' => sub { 1 }, '\"\"' =>"
        " sub { 'one' }; 1} or die; return { sum => bless [], 'My::Money' }",
        "def f(x: float) -> Any:\n    return {'sum': 1}\n",
        RUN,
        ("My::Money", "sum"),
    ),
    Wild(
        "tied",
        "my ($x) = @_; require Tie::Scalar; require Tie::Array; require Tie::Hash;"
        " tie my $s, 'Tie::StdScalar', $x; tie my @a, 'Tie::StdArray'; @a = ($s, 'a');"
        " tie my %h, 'Tie::StdHash'; %h = (x => $s); return [$s, \\@a, \\%h]",
        "def f(x: float) -> Any:\n    return [x, [x, 'a'], {'x': x}]\n",
    ),
    Wild("named_sub", "return { call => \\&f }", NONE, "differs"),
    Wild("reference", "return \\1", NONE, RUN, ("SCALAR",)),
    Wild(
        "itself",
        "my $r = []; push @$r, $r; return $r",
        "def f(x: float) -> Any:\n    return [None]\n",
        RUN,
        ("back to itself",),
    ),
    Wild(
        "itself_as_argument",
        "my ($v) = @_; push @$v, $v; return",
        "def f(v: list[float]) -> None:\n    v.append(None)\n",
        RUN,
        ("back to itself",),
    ),
    Wild("closure", "return sub { 1 }", NONE, RUN, ("anonymous sub",)),
    Wild(
        "port_object",
        "return 1",
        "def f(x: float) -> Any:\n    return object()\n",
        "differs",
    ),
    Wild(
        "port_itself",
        "return [1]",
        "def f(x: float) -> Any:\n    v = []\n    v.append(v)\n    return v\n",
        RUN,
        ("itself",),
    ),
]

ALL = [*HARMLESS, *ENDING, *RESULTS]
