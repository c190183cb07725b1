//! Why not a Vec?

use shared::{Process, Result};

/// The writer fills its own copy of the Vec. The reader and the parent never see the letters.
pub(crate) fn scene() -> Result<()> {
    let mut letters = Vec::new();
    let writer = Process::new(|| write(&mut letters)).start()?;
    writer.join()?;
    let reader = Process::new(|| read(&letters)).start()?;
    reader.join()?;
    println!("main: has {letters:?}");
    Ok(())
}

/// Runs in a child, on its copy.
fn write(letters: &mut Vec<char>) -> Result<()> {
    letters.extend(['A', 'B', 'C']);
    println!("writer: has {letters:?}");
    Ok(())
}

/// Runs in another child, on a copy of the parent's Vec.
fn read(letters: &[char]) -> Result<()> {
    println!("reader: has {letters:?}");
    Ok(())
}
