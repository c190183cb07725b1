//! Two downloads: the sum of both times, or the longer one?

use shared::clock::{self, Stopwatch};
use shared::{Process, Result};

/// One after the other, the two times add up. In two processes only the longer one counts.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    download("book.pdf", 5.0)?;
    download("film.avi", 6.0)?;
    println!("one after the other: {:.1} s", watch.seconds());

    let watch = Stopwatch::start();
    let book = Process::new(|| download("book.pdf", 5.0)).start()?;
    let film = Process::new(|| download("film.avi", 6.0)).start()?;
    book.join()?;
    film.join()?;
    println!("in two processes: {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in main, then in the children. The sleep stands for a wait for the network.
fn download(file: &str, seconds: f64) -> Result<()> {
    println!("{file}: begins");
    clock::sleep(seconds);
    println!("{file}: done");
    Ok(())
}
