//! What if it does not end?

use std::io::{self, BufRead, BufReader};
use std::process::{Command, Stdio};

use shared::{Error, Result, Subprocess, clock};

/// A shell that has started another one, which works for a minute and then says so. `$0` is one lesson second.
///
/// Ctrl-C does not reach them in their own group: so the grandchild looks each second whether `$PPID`, the lesson, is
/// still there.
const SCRIPT: &str = "\
(for second in $(seq 60); do sleep $0; kill -0 $PPID || exit; done 2>/dev/null
echo 'grandchild: nobody has stopped me') &
echo 'child: I have a child, and wait for it'
wait
";

/// At its limit a program is killed with everything in its group: no grandchild goes on.
pub(crate) fn scene() -> Result<()> {
    let second = clock::seconds(1.0).as_secs_f64().to_string();
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, &second]).stdin(Stdio::null()).stdout(writer);
    let shell = Subprocess::start(&mut command)?;
    drop(command); // It holds our copy of the write end.

    let mut lines = BufReader::new(reader).lines();
    println!("{}", lines.next().ok_or_else(|| Error::other("the child said nothing"))??);
    match shell.wait_timeout(clock::seconds(1.0)) {
        Ok(status) => println!("parent: sh has ended, {status}"),
        Err(error) => println!("parent: {error}"),
    }
    // Everybody in the group has a copy of the write end.
    for line in lines {
        println!("{}", line?);
    }
    println!("parent: end-of-file, so nobody of the group is left");
    Ok(())
}
