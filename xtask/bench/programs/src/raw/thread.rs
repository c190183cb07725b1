//! pthread_create(3) and pthread_join(3).

use std::mem::MaybeUninit;
use std::ptr;

extern "C" fn nothing(_: *mut libc::c_void) -> *mut libc::c_void {
    ptr::null_mut()
}

/// Starts a thread that does nothing, and waits for it.
pub fn start_and_join() {
    let mut thread = MaybeUninit::uninit();
    // SAFETY: the call writes the thread's id there.
    let failed =
        unsafe { libc::pthread_create(thread.as_mut_ptr(), ptr::null(), nothing, ptr::null_mut()) };
    assert_eq!(failed, 0, "pthread_create failed");
    // SAFETY: the id has been written, and the thread has not been joined.
    unsafe { libc::pthread_join(thread.assume_init(), ptr::null_mut()) };
}
