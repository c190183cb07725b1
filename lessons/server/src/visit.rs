//! Three clients come, and the first one is slow: who is answered when?

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process;
use std::thread;

use shared::{Error, Result, lesson};

use crate::server::{Design, Door, Server, Terms, listen};

/// Plays a design. With `--clients 0` it waits for yours, until SIGTERM or Ctrl-C.
pub(crate) fn play(design: Design) -> Result<()> {
    let terms = Terms { processes: 2, threads: 2, timeout: lesson::option("timeout")?, log };
    let clients: usize = lesson::option("clients")?;
    if clients == 0 {
        let listener = listen()?;
        let door = Door::open(listener)?;
        println!("server {}: {}", process::id(), door.listener.local_addr()?);
        return design(&door, &terms);
    }
    let server = Server::start(design, terms)?;
    visit(server.address, clients)?;
    println!("main: stops the server");
    server.ask_to_stop()?;
    println!("main: it has ended with {}", server.join()?);
    Ok(())
}

/// Runs in the server, before the answer to a line is sent.
fn log(line: &str) {
    println!("{}/{}: answers {line}", process::id(), thread::current().name().unwrap_or("?"));
}

/// The first client does not end its line before the others have been answered.
fn visit(address: SocketAddr, clients: usize) -> Result<()> {
    let mut slow = TcpStream::connect(address)?;
    println!("client 1: sends half a line");
    slow.write_all(b"client")?;
    thread::scope(|scope| {
        for number in 2..=clients {
            let mut client = TcpStream::connect(address)?;
            println!("client {number}: sends a line");
            client.write_all(format!("client {number}\n").as_bytes())?;
            scope.spawn(move || hear(number, client));
        }
        Ok::<_, Error>(())
    })?; // Here all the quick ones have been answered.
    println!("client 1: sends the other half");
    slow.write_all(b" 1\n")?;
    hear(1, slow);
    Ok(())
}

/// Waits for the answer, prints it, and hangs up. Runs in a thread for each quick client, and in main for the slow one.
fn hear(number: usize, client: TcpStream) {
    let mut answer = String::new();
    match BufReader::new(client).read_line(&mut answer) {
        Ok(_) => println!("client {number}: hears {:?}", answer.trim_end()),
        Err(error) => println!("client {number}: hears nothing: {error}"),
    }
}
