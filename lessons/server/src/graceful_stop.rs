//! How does a server stop in the middle of its work?

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, Sender};
use std::thread;

use shared::{Error, Result, clock, lesson};

use crate::designs;

/// After SIGTERM the server answers each line that has begun, accepts no new client, and ends.
pub(crate) fn scene() -> Result<()> {
    let (name, clients): (String, usize) = (lesson::option("design")?, lesson::option("clients")?);
    let design = designs::ALL.into_iter().find(|design| design.name == name);
    let design = design.ok_or_else(|| Error::other("no such design"))?;
    let server = design.start(60.0)?; // A client has 60 seconds for a line.
    let address = server.address;

    println!("client 1: sends half a line");
    let mut slow = TcpStream::connect(address)?;
    slow.write_all(b"half")?;
    let (has_begun, begun) = mpsc::channel();
    thread::scope(|scope| {
        let busy = 1..clients.min(design.room); // More than that would wait at the door.
        let busy = busy.map(|_| scope.spawn(|| talk(address, &has_begun))).collect::<Vec<_>>();
        begun.iter().take(busy.len()).for_each(drop); // Until each has had an answer.
        clock::sleep(1.0);
        println!("main: sends SIGTERM while {} other clients talk", busy.len());
        server.ask_to_stop()?;
        let mut answered = 0;
        for client in busy {
            answered += client.join().expect("talk does not panic")?;
        }
        println!("main: they have got {answered} answers, all whole");
        Ok::<_, Error>(())
    })?;
    while TcpStream::connect(address).is_ok() {
        clock::sleep(0.01); // The signal takes effect a moment after it was sent.
    }
    println!("main: a new client is refused");

    println!("client 1: sends the other half");
    slow.write_all(b" a line\n")?;
    let mut answer = String::new();
    slow.read_to_string(&mut answer)?; // Up to end-of-file.
    println!("client 1: hears {:?}, and then end-of-file", answer.trim_end());
    drop(slow); // The server waits until the client hangs up too.
    println!("main: the server has ended with {}", server.join()?);
    Ok(())
}

/// Runs in a thread for each busy client: one line after the other, until the server hangs up.
fn talk(address: SocketAddr, has_begun: &Sender<()>) -> Result<usize> {
    let mut client = BufReader::new(TcpStream::connect(address)?);
    for number in 0.. {
        let line = format!("line {number}\n");
        let mut answer = String::new();
        // The line is lost if the server has hung up meanwhile: it has not begun.
        let heard = client
            .get_mut()
            .write_all(line.as_bytes())
            .and_then(|()| client.read_line(&mut answer));
        match heard {
            Ok(_) if answer == line && number == 0 => _ = has_begun.send(()),
            Ok(_) if answer == line => {}
            Ok(0) => return Ok(number), // End-of-file.
            Ok(_) => return Err(Error::other(format!("half an answer: {answer:?}"))),
            Err(error) => return Err(error.into()),
        }
    }
    unreachable!("the numbers do not end")
}
