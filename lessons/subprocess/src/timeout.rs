//! What if it does not end?

use std::io::{self, BufRead, BufReader};
use std::process::{Command, Stdio};

use shared::{Result, Subprocess, clock};

/// This shell starts another one, which works for a minute and then prints a line. `$0` is a lesson minute.
const SCRIPT: &str = "\
(sleep $0; echo 'grandchild: I was not stopped') &
echo 'child: I have a child, and wait for it'
wait
";

/// When the timeout expires, the program is killed with its whole group: no grandchild goes on.
pub(crate) fn scene() -> Result<()> {
    let minute = clock::seconds(60.0).as_secs_f64().to_string();
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, &minute]).stdin(Stdio::null()).stdout(writer);
    let shell = Subprocess::start(&mut command)?;
    drop(command); // It has our copy of the write end.

    let mut output = BufReader::new(reader);
    let mut line = String::new();
    output.read_line(&mut line)?;
    print!("{line}");
    match shell.wait_timeout(clock::seconds(1.0)) {
        Ok(status) => println!("parent: sh has ended, {status}"),
        Err(error) => println!("parent: {error}"),
    }
    // Prints the rest, up to end-of-file. Every process of the group has a copy of the write end.
    io::copy(&mut output, &mut io::stdout())?;
    println!("parent: end-of-file, the whole group has ended");
    Ok(())
}
