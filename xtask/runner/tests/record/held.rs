//! Whatever a program does while its threads are held, a directed run ends as a free one does.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use runner::{Act, Choice, Direction, Ending, Refusal, View};

use crate::Test;
use crate::acts::ACT;
use crate::harness::{
    Exchange, PATIENCE, SHORT, act, alive, direct, eventually, output, own, replay, shell, state,
    this, unique,
};

pub(crate) const TESTS: &[Test] = &[
    ("a_run_can_be_directed_here", a_run_can_be_directed_here),
    ("one_is_killed_while_it_is_held", one_is_killed_while_it_is_held),
    ("one_ignores_a_signal", one_ignores_a_signal),
    ("one_handles_signals", one_handles_signals),
    ("one_is_woken_by_an_alarm", one_is_woken_by_an_alarm),
    ("one_is_killed_in_its_sleep", one_is_killed_in_its_sleep),
    ("one_becomes_another_program", one_becomes_another_program),
    ("one_uses_vfork", one_uses_vfork),
    ("one_is_a_set_user_id_program", one_is_a_set_user_id_program),
    ("one_has_another_stdout", one_has_another_stdout),
    ("one_closes_its_stdout", one_closes_its_stdout),
    ("one_spins", one_spins),
    ("one_waits_with_a_timeout", one_waits_with_a_timeout),
    ("there_are_a_hundred", there_are_a_hundred),
    ("one_is_a_director", one_is_a_director),
    ("one_outlives_the_leader", one_outlives_the_leader),
    ("the_deadline_does_not_wait", the_deadline_does_not_wait),
    ("the_supervisor_is_killed", the_supervisor_is_killed),
    ("the_host_is_killed", the_host_is_killed),
    ("ctrl_c_ends_it", ctrl_c_ends_it),
    ("ctrl_z_stops_it", ctrl_z_stops_it),
];

fn a_run_can_be_directed_here() {
    assert_eq!(Refusal::here(), None);
}

fn one_is_killed_while_it_is_held() {
    // The child never gets to print.
    let script = "(echo never) & kill -KILL $!; wait $!; echo it ended with $?";
    // If it were still there, it would come next: the last option is chosen.
    let kill_first = |view: &View<'_>| {
        let kill = view.options.iter().position(|option| option.act == Act::Signal);
        Choice::Take(kill.unwrap_or(view.options.len() - 1))
    };
    let directed = direct(shell(script), &Direction::default(), kill_first);
    assert_eq!(output(&directed), "it ended with 137\n");
    let died = directed.steps.iter().all(|step| step.made.thread.to_string() == "0");
    assert!(died, "{:?}", directed.steps);
}

fn one_ignores_a_signal() {
    let script = "trap '' TERM; (echo child) & kill -TERM $!; echo parent; wait";
    assert_eq!(output(&replay(shell(script), &[0])), "parent\nchild\n");
}

fn one_handles_signals() {
    // The signal comes while the child is held before its first line. Its handler runs when the call is over.
    let script = "(trap 'echo handled' USR1; echo line; echo last) & sleep 0.01; kill -USR1 $!; echo sent; wait; wait";
    assert_eq!(signalled(script), "sent\nline\nhandled\nlast\n");
    // This one does not print a line again if a signal has interrupted the call.
    let script = "perl -e '$SIG{USR1} = sub {}; syswrite STDOUT, \"$_\\n\" for \"line\", \"last\"' & \
                  sleep 0.01; kill -USR1 $!; echo sent; wait";
    if Command::new("perl").arg("-v").output().is_ok() {
        assert_eq!(signalled(script), "sent\nline\nlast\n");
    } else {
        eprintln!("skipped in part: this machine has no perl");
    }
}

/// What a script prints whose first child begins at once, and then goes on only when nothing else can.
fn signalled(script: &str) -> String {
    let choose = |view: &View<'_>| {
        let child = view.options.iter().position(|option| option.thread.to_string() == "0.1");
        let others = view.options.iter().position(|option| option.thread.to_string() != "0.1");
        let begins = child.filter(|child| view.options[*child].act == Act::Begin);
        Choice::Take(begins.or(others).unwrap_or_default())
    };
    let patient = Direction { patience: SHORT, ..Direction::default() };
    output(&direct(shell(script), &patient, choose))
}

fn one_is_woken_by_an_alarm() {
    // The end of its sleep is chosen, and is a minute away.
    assert_eq!(output(&replay(act("alarmed"), &[0])), "interrupted: true\n");
}

fn one_is_killed_in_its_sleep() {
    // While a thread is held before its line, the end of the child's sleep is chosen. But the system kills the child.
    let script = format!("$THIS {ACT} dies & echo line; wait $!; echo it ended with $?");
    let child_first = |view: &View<'_>| {
        let child = view.options.iter().position(|option| option.thread.to_string() == "0.1");
        Choice::Take(child.unwrap_or_default())
    };
    let launch = shell(&script).variable("THIS", this());
    let patient = Direction { patience: 2 * PATIENCE, ..Direction::default() };
    let directed = direct(launch, &patient, child_first);
    assert_eq!(output(&directed), "line\nit ended with 142\n");
    assert_eq!(directed.steps[1].made.act, Act::EndSleep, "{directed:?}");
    // Here another process kills it. That one has a timer of which no director hears.
    let script = "timeout -s KILL 1 sh -c 'exec sleep 1000' & wait $!; echo it ended with $?";
    assert_eq!(output(&replay(shell(script), &[0])), "it ended with 137\n");
}

fn one_becomes_another_program() {
    let script = "echo before; exec sh -c 'echo after; echo child & wait'";
    assert_eq!(output(&replay(shell(script), &[0])), "before\nafter\nchild\n");
}

/// A child that prints while it uses the memory of its parent.
const VFORK: &str = r#"
#include <unistd.h>
int main(void) {
    if (vfork() == 0) { write(1, "child\n", 6); _exit(0); }
    return write(1, "parent\n", 7) != 7;
}
"#;

fn one_uses_vfork() {
    let outputs = [&[0][..], &[1, 1]].map(|choices| output(&replay(act("spawns"), choices)));
    assert_eq!(outputs, ["before\nafter\nchild\n", "before\nchild\nafter\n"]);
    // Here the child is held while the parent waits for its end.
    let exchange = Exchange::new();
    let (source, program) = (exchange.path("vfork.c"), exchange.path("vfork"));
    fs::write(&source, VFORK).unwrap();
    match Command::new("cc").args(["-w", "-o", &program, &source]).status() {
        Ok(status) => assert!(status.success()),
        Err(_) => return eprintln!("skipped in part: this machine has no cc"),
    }
    let script = format!("echo other & {program}; wait");
    let last = |view: &View<'_>| Choice::Take(view.options.len() - 1);
    let directed = direct(shell(&script), &Direction::default(), last);
    assert_eq!(output(&directed), "child\nparent\nother\n");
}

fn one_is_a_set_user_id_program() {
    let folders = ["/usr/bin", "/bin", "/usr/sbin"];
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let is_set_user_id = |file: &fs::DirEntry| {
        let metadata = file.metadata();
        metadata
            .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o4000 != 0 && it.uid() == 0)
    };
    let Some(program) = files.into_iter().find(is_set_user_id) else {
        eprintln!("skipped: this machine has no set-user-ID program");
        return;
    };
    let program = program.path().display().to_string();
    let directed =
        replay(shell(&format!("{program} --help </dev/null >/dev/null 2>&1; echo end")), &[0]);
    assert_eq!(output(&directed), "end\n", "{program}");
}

fn one_has_another_stdout() {
    let script = "exec 3>&1 >file; echo into the file; exec >&3; cat file; rm file";
    let directed = replay(shell(script), &[0]);
    assert_eq!(output(&directed), "into the file\n");
    let printed = directed.steps.iter().filter(|step| step.made.act == Act::Print).count();
    assert_eq!(printed, 1, "only what goes to the run's stdout is held: {:?}", directed.steps);
    // Stderr may go there, too. Both begin before the second one complains.
    let script = format!(
        "$THIS {ACT} complain one 2>&1 & $THIS {ACT} complain two 2>&1 & wait; echo away >&2"
    );
    let late_lines = |view: &View<'_>| {
        let other = view.options.iter().position(|option| option.act != Act::Print);
        Choice::Take(other.unwrap_or(view.options.len() - 1))
    };
    let launch = shell(&script).variable("THIS", this());
    assert_eq!(output(&direct(launch, &Direction::default(), late_lines)), "two\none\n");
}

fn one_closes_its_stdout() {
    let directed = replay(shell("echo line; exec >&-; echo lost || echo told >&2; exit 3"), &[0]);
    assert_eq!(output(&directed), "line\n");
    assert!(directed.recording.stderr().ends_with(b"told\n"));
    assert_eq!(directed.recording.ending, Ending::Code(3));
}

fn one_spins() {
    assert_eq!(output(&replay(act("spins"), &[0])), "printed\nseen\n");
}

fn one_waits_with_a_timeout() {
    // Nothing happens for longer than in a run that is stuck.
    let directed = replay(act("idles"), &[0]);
    assert_eq!(directed.recording.ending, Ending::Code(0), "{directed:?}");
    assert_eq!(output(&directed), "rested\ndone\n");
}

fn there_are_a_hundred() {
    let script = "i=0; while [ $((i += 1)) -le 100 ]; do echo $i & done; wait; echo end";
    // The last one first: each choice is the last option.
    let last = |view: &View<'_>| Choice::Take(view.options.len() - 1);
    let directed = direct(shell(script), &Direction::default(), last);
    let expected: String =
        (1..=100).rev().map(|i| format!("{i}\n")).chain(["end\n".to_owned()]).collect();
    assert_eq!(output(&directed), expected);
}

fn one_is_a_director() {
    let script = format!("$THIS {ACT} direct 'echo never'");
    let directed = replay(shell(&script).variable("THIS", this()), &[0]);
    assert_eq!(output(&directed), "cannot direct a run: this program is being directed itself\n");
}

fn one_outlives_the_leader() {
    // It is held when the leader ends. Afterwards it goes on as in a free run.
    let directed = replay(shell("(echo late; sleep 1000) & exit 3"), &[0]);
    assert_eq!(directed.recording.ending, Ending::Code(3));
    assert!(!own(&directed.recording).is_empty(), "{directed:?}");
    let directed = replay(shell("(echo late) & echo line; exit 3").linger(PATIENCE), &[0]);
    assert!(own(&directed.recording).is_empty(), "{directed:?}");
    assert_eq!(output(&directed), "line\nlate\n");
}

fn the_deadline_does_not_wait() {
    let directed = replay(shell("echo begun; while :; do :; done").deadline(SHORT / 2), &[0]);
    assert_eq!(directed.recording.ending, Ending::Deadline);
    assert_eq!(output(&directed), "begun\n");
    // But the time of the host's decisions does not count.
    let slow = |_: &View<'_>| {
        std::thread::sleep(SHORT / 4);
        Choice::Take(0)
    };
    let script = "echo one & echo two & echo three & echo four & echo five & wait";
    let directed = direct(shell(script).deadline(SHORT), &Direction::default(), slow);
    assert!(directed.choices().len() > 4);
    assert_eq!(directed.recording.ending, Ending::Code(0));
}

fn the_supervisor_is_killed() {
    let sleep = unique();
    let script =
        format!("(echo held; sleep {sleep}) & sleep 0.01; kill -KILL $PPID; sleep {sleep}");
    let parent_first = |_: &View<'_>| Choice::Take(0);
    let directed = direct(shell(&script), &Direction::default(), parent_first);
    assert_eq!(directed.recording.ending, Ending::SupervisorKilled(9));
    assert_eq!(alive(&sleep), Vec::<i32>::new());
}

/// A host in another process, which directs a script that has two children, one of which is held.
fn host(exchange: &Exchange, sleep: &str) -> Child {
    let script = format!(
        "(echo $$ > {}; echo held) & (sleep 0.01; echo > {}; sleep {sleep}) & wait",
        exchange.path("child"),
        exchange.path("begun")
    );
    let child = start_host(&script);
    exchange.line("begun");
    child
}

fn start_host(script: &str) -> Child {
    let mut command = Command::new(this());
    command.args([ACT, "direct", script]).stdout(Stdio::piped()).process_group(0);
    command.spawn().unwrap()
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().cast_signed()), signal).unwrap();
}

fn the_host_is_killed() {
    let exchange = Exchange::new();
    let sleep = unique();
    let mut child = host(&exchange, &sleep);
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
    let folder = exchange.path("");
    let is_left = || alive(&sleep).is_empty() && alive_with(&folder).is_empty();
    eventually("the end of all", || is_left().then_some(()));
}

/// Every process in whose command line the word occurs.
fn alive_with(word: &str) -> Vec<i32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let has = |entry: &fs::DirEntry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(word)
    };
    entries.filter(has).filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn ctrl_c_ends_it() {
    let exchange = Exchange::new();
    let sleep = unique();
    let child = host(&exchange, &sleep);
    signal(&child, Signal::SIGINT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "the run was cancelled\n");
    assert_eq!(alive(&sleep), Vec::<i32>::new());
    assert_eq!(alive_with(&exchange.path("")), Vec::<i32>::new());
}

fn ctrl_z_stops_it() {
    let exchange = Exchange::new();
    let word = unique();
    let script = format!("echo $$ > {}; : {word}; while :; do :; done", exchange.path("pid"));
    let child = start_host(&script);
    let (host, leader) = (child.id().cast_signed(), exchange.line("pid").parse().unwrap());
    signal(&child, Signal::SIGTSTP);
    for pid in [host, leader] {
        eventually("both are stopped", || (state(pid) == Some('T')).then_some(()));
    }
    signal(&child, Signal::SIGCONT);
    eventually("it goes on", || (state(leader) == Some('R')).then_some(()));
    signal(&child, Signal::SIGINT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"the run was cancelled\n");
    assert_eq!(alive_with(&word), Vec::<i32>::new());
}
