//! Why not a Vec?

use shared::{Process, Result};

/// A Vec is no queue between processes: the writer fills its copy of it, and nobody else sees that.
pub(crate) fn scene() -> Result<()> {
    let mut letters = Vec::new();
    Process::new(|| write(&mut letters)).start()?.join()?;
    Process::new(|| read(&letters)).start()?.join()?;
    println!("main: has {letters:?}");
    Ok(())
}

/// Runs in a child, on its copy.
fn write(letters: &mut Vec<char>) -> Result<()> {
    letters.extend(['A', 'B', 'C']);
    println!("writer: has {letters:?}");
    Ok(())
}

/// Runs in another child, on a copy of what the parent has.
fn read(letters: &[char]) -> Result<()> {
    println!("reader: has {letters:?}");
    Ok(())
}
