# The Perl end of the wire, as worker.pl, in a perl that also sees which lines a sub reaches.
#
#   perl line_coverage.pl WORKER KIND IN OUT
#
#   [lines, SUB, CONTEXT, INVOCANT, CASE...]  -> [lines, FILE, REACHED, MISSING, NOT_MEASURABLE]
#                                      or [unknown, WHY]
#
# The answer's lists of line numbers say what all cases so far came to. A statement counts by the
# line that Perl gives it: its first, or where a block stands in it, mostly its last. Perl's debugger
# hook tells a line and no more, so that a line on which more than one statement may stand is not
# measurable. Whether one may is a look at the text: where it is in doubt, one may.

package DB;

use strict;
use warnings;

our ($single, %sub);
our $file = '';
our %left;    # lines of $file that have not been reached

# Perl calls this before each statement while $single is true; it ends when all has been seen.
sub DB {    ## no critic (ProhibitSubroutinesNamedLikeBuiltins)
    my (undef, $where, $line) = caller;
    $single = 0 if $left{$line} && $where eq $file && delete $left{$line} && !%left;
    return;
}

package Parity::Lines;

use strict;
use warnings;

my $DIVISION = qr{(?:[\$]\w+|[\])\}])\s*//?=?\s};
my $QUOTING  = qr/\b(?:q[qwxr]?|m|s|tr|y)\s*[^\s\w,;=)>]/;
my $HELD     = qr/\{[^{};]*\}/;
my $GOES_ON  = qr/(?:else|elsif|continue|while|until|if|unless|for|foreach|and|or)\b|[\/|&.?:]/;
my %lines_of;    # of a sub: what `lines` gives

# A line without its comment, where it is sure that it is one.
sub code {
    my ($text) = @_;
    if ($text =~ /\A((?:$DIVISION|[^'"`\/#]|\$#|"[^"\\]*"|'[^'\\]*')*?)(?<!\S)#/) {
        my $before = $1;
        $text = $before if $before !~ $QUOTING;
    }
    return $text =~ s/\s+\z//r;
}

# Whether more than one statement may stand on a line. before: the line of code before it.
sub several {
    my ($code, $before) = @_;

    # Code in a substitution, or in a pattern.
    return 1
        if $code =~ /(?<![%\$\@])\bs\b\s*[^\s\w,;=)].*[^\w\s][a-z]*e[a-z]*(?!\w)/
        || $code =~ /\(\?\??\{/;

    # Perl gives a statement that begins with a block the line of what stands first in it.
    my ($named, $word) = $before =~ /(\bsub\s+)?([\w:']+)\s*\{;?\z/;
    if (defined $word && !$named && $word !~ /\A(?:else|continue)\z/) {
        return 1 if $code !~ /;\z/ || $word !~ /\A(?:do|eval|sub)\z/;
    }

    # Braces that hold no statement: of subscripts, dereferences and hashes, and empty ones.
    1 while $code =~ s/\b(?:map|grep|sort)\s*\(\s*$HELD|\bsub\s*\{\s*\}/; block/
        || $code  =~ s/([\$\@%&*]#?(?:\w|::)*|->|\])$HELD/$1/
        || $code  =~ s/(=>?|[(,\[?+]|\|\||&&|\/\/|\b(?:return|bless)|\?.*:)\s*$HELD/$1 0/
        || $code  =~ s/\{\s*\}//;
    $code =~ s/\bfor(?:each)?\b[^;{}()]*\([^;{}]*;[^;{}]*;[^;{}]*\)\s*\{\z/for {/;
    my $ends = $before =~ /[;{]\z|\A[\s;)\]},]*\z/ || $code =~ /\A\s*\}?\z/;
    $code =~ s/[\s;)\]},]+\z//;
    my $closes = $code =~ s/\A[\s;)\]},]*\}[\s;)\]},]*// || $code eq '';
    return 1 if $code =~ /[;}]|\{\s*\S/;
    return $closes && (!$ends || $code ne '' && $code !~ /\A$GOES_ON/);
}

# The file of a sub, its lines with one statement, and those that are not measurable.
sub lines {
    my ($name) = @_;
    my ($file, $first, $last) = ($DB::sub{$name} || '') =~ /\A(.+):([0-9]+)-([0-9]+)\z/s;
    die "the lines of $name are not known to Perl\n" if !$file;
    my $source = do { no strict 'refs'; \@{"main::_<$file"} };
    my ($before, @one, @several) = ('');
    for my $line ($first .. $last) {
        my $text = $source->[$line];
        next if !defined $text;
        my $code = code("$text");
        my $body = $code;
        $body =~ s/\A.*?\bsub\s+[\w:']+\s*(?:\([^\$\@%]*?\)\s*)?\{// if $line == $first;

        # As a number it is true where a statement begins. An elsif belongs to its if.
        no warnings 'numeric';
        if ($text != 0 && several($body, $line == $first ? '' : $before)) { push @several, $line }
        elsif ($text != 0 && $body !~ /\A[\s}]*elsif\b/)                  { push @one, $line }
        $before = $code if $code =~ /\S/;
    }
    return {file => $file, one => \@one, several => \@several, left => {map { $_ => 1 } @one}};
}

sub reach {
    my ($plain, $context, $invocant, @cases) = @_;
    my $sub  = Parity::Worker::paired_sub($plain);
    my $name = Parity::Codec::sub_name($sub);
    my $of   = $lines_of{$name} ||= eval { lines($name) };
    return ['unknown', $@] if !$of;
    local ($DB::file, *DB::left) = ($of->{file}, $of->{left});
    for my $case (@cases) {
        last if !%DB::left;
        my $arguments = Parity::Codec::decode($case);
        $DB::single = 1;
        Parity::Worker::call_once($sub, $context, $invocant, $arguments);
        $DB::single = 0;
    }
    my @reached = grep { !$of->{left}{$_} } @{$of->{one}};
    my @missing = grep { $of->{left}{$_} } @{$of->{one}};

    # Before perl 5.36 a number that was the key of a hash is a text from then on; a sum is none.
    my @lines = map {
        [map { 0 + $_ } @{$_}]
    } \@reached, \@missing, $of->{several};
    return ['lines', $of->{file}, @lines];
}

# What is compiled from here on has the hook: the worker has not, the user's files have.
if (!caller) {
    require(shift @ARGV);
    my $answer = \&Parity::Worker::answer;
    no warnings 'redefine';
    *Parity::Worker::answer = sub {
        my ($what, @rest) = @_;
        return $what eq 'lines' ? Parity::Codec::encode(reach(@rest)) : &{$answer};
    };
    ## no critic (RequireLocalizedPunctuationVars)
    $^P = 0x02 | 0x04 | 0x10;    # call DB::DB; keep blocks as they are; note the lines of subs
    Parity::Worker::main();
}

1;
