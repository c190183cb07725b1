//! A file that grows: when is it at its end?

use std::fs::{self, File};
use std::io::{Read, Write};
use std::{env, process};

use shared::{Error, Process, Result, clock, lesson};

/// Whoever reads a file that grows must look again and again, and know by itself when to stop.
pub(crate) fn scene() -> Result<()> {
    let rounds = lesson::option("rounds")?;
    let path = env::temp_dir().join(format!("lesson-ipc-{}", process::id()));
    let to_append = File::create_new(&path)?;
    let to_read = File::open(&path)?;
    fs::remove_file(&path)?; // The name goes. The file stays as long as somebody has it open.

    let writer = Process::new(move || append(to_append, rounds)).start()?;
    let reader = Process::new(move || read(to_read, rounds)).start()?;
    if !writer.join()?.success() {
        return Err(Error::other("the writer failed")); // The reader is killed: it would look for ever.
    }
    reader.join()?;
    Ok(())
}

/// Runs in one child. The sleep stands for work.
fn append(mut file: File, rounds: u32) -> Result<()> {
    for round in 1..=rounds {
        clock::sleep(0.5);
        println!("writer: appends line {round}");
        file.write_all(b"hello world\n")?;
    }
    Ok(())
}

/// Runs in the other child, and reads a character at a time. The sleep stands for what else it has to do.
fn read(mut file: File, rounds: u32) -> Result<()> {
    let (mut line, mut round, mut in_vain) = (String::new(), 0, 0);
    while round < rounds {
        let mut character = [0];
        match file.read(&mut character)? {
            // The end of the file, for now.
            0 => {
                in_vain += 1;
                clock::sleep(0.1);
            }
            _ if character == *b"\n" => {
                round += 1;
                println!("reader: line {round} is {line}");
                line.clear();
            }
            _ => line.push(character[0].into()),
        }
    }
    println!("reader: has looked in vain {in_vain} times");
    Ok(())
}
