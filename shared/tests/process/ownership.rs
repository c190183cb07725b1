//! What a closure owns, and what becomes of it in a child.

use std::cell::Cell;
use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use shared::{Error, Process};

use crate::harness::{Body, descriptors, nothing_left, state};
use crate::{end_of, waiting};

pub(crate) const TESTS: &[Body] = &[
    (
        "a_child_that_is_moved_into_another_is_refused",
        a_child_that_is_moved_into_another_is_refused,
    ),
    ("a_wrapped_folder_goes_with_the_child", a_wrapped_folder_goes_with_the_child),
    ("a_wrapped_writer_writes_once", a_wrapped_writer_writes_once),
    ("both_processes_drop_what_was_moved_in", both_processes_drop_what_was_moved_in),
];

/// A folder that is removed when its value is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = env::temp_dir().join("folder");
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn a_child_that_is_moved_into_another_is_refused() {
    let before = descriptors();
    let sibling = waiting();
    let pid = sibling.pid();
    let error = Process::new(move || sibling.join().map(drop)).start().unwrap_err();
    assert!(matches!(error, Error::NotParent), "{error}");
    assert_eq!(state(pid), None, "it was dropped, so it must be killed and reaped");
    // A borrowed one stays where it is.
    let sibling = waiting();
    let end = end_of(|| {
        let _ = sibling.pid();
        Ok(())
    });
    assert!(end.success() && sibling.is_alive());
    drop(sibling);
    nothing_left(&before);
}

fn a_wrapped_folder_goes_with_the_child() {
    let before = descriptors();
    let folder = ManuallyDrop::new(Folder::new());
    let path = folder.0.clone();
    let (mut reader, mut writer) = io::pipe().unwrap();
    let child = Process::new(move || {
        let folder = ManuallyDrop::into_inner(folder);
        reader.read_exact(&mut [0])?; // The parent is past `start`.
        Ok(fs::write(folder.0.join("file"), "still there")?)
    });
    let child = child.start().unwrap();
    assert!(path.exists(), "the parent has removed it");
    writer.write_all(&[0]).unwrap();
    assert!(child.join().unwrap().success());
    assert!(!path.exists(), "the child has not removed it");
    drop(writer);
    nothing_left(&before);
}

fn a_wrapped_writer_writes_once() {
    let before = descriptors();
    let path = env::temp_dir().join("file");
    let mut writer = BufWriter::new(File::create(&path).unwrap());
    write!(writer, "once, ").unwrap();
    let writer = ManuallyDrop::new(writer);
    let end = end_of(move || {
        let mut writer = ManuallyDrop::into_inner(writer);
        Ok(write!(writer, "and not twice")?)
    });
    assert!(end.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), "once, and not twice");
    fs::remove_file(&path).unwrap();
    // The parent keeps its copy of what is wrapped, and with it the descriptor.
    assert_eq!(descriptors().len(), before.len() + 1);
}

fn both_processes_drop_what_was_moved_in() {
    /// Writes to a pipe when it is dropped.
    struct Dropped(io::PipeWriter, Cell<u8>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.write_all(&[self.1.get()]).unwrap();
        }
    }
    let before = descriptors();
    let (mut reader, writer) = io::pipe().unwrap();
    let value = Dropped(writer, Cell::new(b'p'));
    let end = end_of(move || {
        value.1.set(b'c');
        Ok(())
    });
    assert!(end.success());
    let mut text = String::new();
    // End-of-file comes: no copy of the pipe is left in the parent.
    reader.read_to_string(&mut text).unwrap();
    assert!(["pc", "cp"].contains(&text.as_str()), "{text}");
    drop(reader);
    nothing_left(&before);
}
