//! Who may draw on the terminal?

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Sender};
use std::thread;

use shared::{Result, clock};

/// Two threads draw over one line of the terminal. Neither knows what the other has drawn.
pub(crate) fn scene() -> Result<()> {
    let download = thread::Builder::new().name("download".to_owned()).spawn(toggle)?;
    let upload = thread::Builder::new().name("upload".to_owned()).spawn(toggle)?;
    for thread in [download, upload] {
        thread.join().expect("toggle does not panic")?;
    }
    println!("\nmain: both have ended");
    Ok(())
}

/// Runs in both threads.
fn toggle() -> Result<()> {
    let thread = thread::current();
    let name = thread.name().expect("both threads are named");
    for text in ["00000", "11111", "00000", "11111", "00000", "11111"] {
        draw(&format!("{name}: {text}"))?;
        clock::sleep(0.2);
    }
    Ok(())
}

/// Main alone draws. Both threads send it their texts through a channel.
pub(crate) fn one_drawer() -> Result<()> {
    let (to_main, news) = mpsc::channel();
    let also_to_main = to_main.clone();
    let download = thread::spawn(move || report(0, &to_main));
    let upload = thread::spawn(move || report(1, &also_to_main));

    let mut texts = ["00000"; 2];
    for (place, text) in news {
        texts[place] = text; // New: one drawer, which knows both texts.
        draw(&format!("download: {}  upload: {}", texts[0], texts[1]))?;
    }
    for thread in [download, upload] {
        thread.join().expect("report does not panic");
    }
    println!("\nmain: both have ended");
    Ok(())
}

/// Runs in both threads. When both have ended there is no sender, and main's loop ends.
fn report(place: usize, to_main: &Sender<(usize, &str)>) {
    for text in ["11111", "00000", "11111", "00000", "11111"] {
        clock::sleep(0.2);
        if to_main.send((place, text)).is_err() {
            return; // Main could not draw: the scene ends.
        }
    }
}

/// On a terminal `\r` goes back to the start of the line. In a file or a pipe each text gets a line.
fn draw(text: &str) -> Result<()> {
    let mut stdout = io::stdout();
    if stdout.is_terminal() {
        print!("\r{text}");
        stdout.flush()?; // Without a newline the text would stay in the buffer.
    } else {
        println!("{text}");
    }
    Ok(())
}
