//! The code that replaces functions of the vDSO. It reads five numbers, the times: seconds and nanoseconds of the
//! real-time clock and of the monotonic one, and the microseconds of the first.

/// A function of the vDSO, and the code that replaces it.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) code: &'static [u8],
    /// Where the code has the instruction that finds the times.
    finds: usize,
}

impl Function {
    /// The code, if the times are this far from its beginning.
    pub(super) fn with_times(&self, distance: u64) -> Vec<u8> {
        let mut code = self.code.to_vec();
        let distance = distance.wrapping_sub(self.finds as u64) as u32;
        let (at, bits) = operand(self.finds, distance);
        for (byte, bits) in code[at..].iter_mut().zip(bits.to_le_bytes()) {
            *byte |= bits;
        }
        code
    }
}

/// The times, as `bytes_of` writes them: five numbers of eight bytes.
pub(super) const SIZE_OF_TIMES: u64 = 40;

#[cfg(target_arch = "x86_64")]
pub(super) const FUNCTIONS: [Function; 3] = [CLOCK, TIME_OF_DAY, TIME];
#[cfg(not(target_arch = "x86_64"))]
pub(super) const FUNCTIONS: [Function; 2] = [CLOCK, TIME_OF_DAY];

/// Where an instruction names the times, and the bits with which it does. The instruction is at `at`, and this far from
/// the times.
#[cfg(target_arch = "x86_64")]
fn operand(at: usize, distance: u32) -> (usize, u32) {
    // The operand is the end of the instruction, and counts from there.
    (at + 3, distance.wrapping_sub(7))
}
#[cfg(not(target_arch = "x86_64"))]
fn operand(at: usize, distance: u32) -> (usize, u32) {
    // Its two lowest bits come elsewhere, but they are zero. Of the others, the instruction has room for 19.
    (at, (distance >> 2 & 0x7_ffff) << 5)
}

/// clock_gettime(2). The times follow directly.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
pub(super) const CLOCK: Function = Function { name: "__vdso_clock_gettime", finds: 13, code: &[
    0x83, 0xff, 0x07,                         //        cmp $7, %edi       # 8 and more: alarms, and clocks of processes
    0x77, 0x2d,                               //        ja real
    0x8d, 0x47, 0xfe,                         //        lea -2(%rdi), %eax # 2 and 3: processor time
    0x83, 0xf8, 0x01,                         //        cmp $1, %eax
    0x76, 0x25,                               //        jbe real
    0x48, 0x8d, 0x15, 0x00, 0x00, 0x00, 0x00, //        lea times(%rip), %rdx
    0x85, 0xff,                               //        test %edi, %edi    # 0 and 5: real time
    0x74, 0x09,                               //        je found
    0x83, 0xff, 0x05,                         //        cmp $5, %edi
    0x74, 0x04,                               //        je found
    0x48, 0x83, 0xc2, 0x10,                   //        add $16, %rdx      # 1, 4, 6 and 7: monotonic
    0x48, 0x8b, 0x02,                         // found: mov (%rdx), %rax
    0x48, 0x89, 0x06,                         //        mov %rax, (%rsi)
    0x48, 0x8b, 0x42, 0x08,                   //        mov 8(%rdx), %rax
    0x48, 0x89, 0x46, 0x08,                   //        mov %rax, 8(%rsi)
    0x31, 0xc0,                               //        xor %eax, %eax
    0xc3,                                     //        ret
    0xb8, 0xe4, 0x00, 0x00, 0x00,             // real:  mov $228, %eax
    0x0f, 0x05,                               //        syscall
    0xc3,                                     //        ret
    0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00,       //        .balign 8
] }; // times:

/// gettimeofday(2). The timezone is always none.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const TIME_OF_DAY: Function = Function { name: "__vdso_gettimeofday", finds: 5, code: &[
    0x48, 0x85, 0xff,                         //        test %rdi, %rdi
    0x74, 0x15,                               //        je zone
    0x48, 0x8d, 0x15, 0x00, 0x00, 0x00, 0x00, //        lea times(%rip), %rdx
    0x48, 0x8b, 0x02,                         //        mov (%rdx), %rax
    0x48, 0x89, 0x07,                         //        mov %rax, (%rdi)
    0x48, 0x8b, 0x42, 0x20,                   //        mov 32(%rdx), %rax # microseconds
    0x48, 0x89, 0x47, 0x08,                   //        mov %rax, 8(%rdi)
    0x48, 0x85, 0xf6,                         // zone:  test %rsi, %rsi
    0x74, 0x07,                               //        je end
    0x48, 0xc7, 0x06, 0x00, 0x00, 0x00, 0x00, //        movq $0, (%rsi)
    0x31, 0xc0,                               // end:   xor %eax, %eax
    0xc3,                                     //        ret
] };

/// time(2).
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const TIME: Function = Function { name: "__vdso_time", finds: 0, code: &[
    0x48, 0x8b, 0x05, 0x00, 0x00, 0x00, 0x00, //        mov times(%rip), %rax
    0x48, 0x85, 0xff,                         //        test %rdi, %rdi
    0x74, 0x03,                               //        je end
    0x48, 0x89, 0x07,                         //        mov %rax, (%rdi)
    0xc3,                                     // end:   ret
] };

/// The same as for x86-64. Such a vDSO has no time(2).
#[cfg(not(target_arch = "x86_64"))]
#[rustfmt::skip]
pub(super) const CLOCK: Function = Function { name: "__kernel_clock_gettime", finds: 20, code: &[
    0x1f, 0x1c, 0x00, 0x71, //        cmp  w0, #7
    0xa8, 0x01, 0x00, 0x54, //        b.hi real
    0x02, 0x08, 0x00, 0x51, //        sub  w2, w0, #2
    0x5f, 0x04, 0x00, 0x71, //        cmp  w2, #1
    0x49, 0x01, 0x00, 0x54, //        b.ls real
    0x02, 0x00, 0x00, 0x10, //        adr  x2, times
    0x80, 0x00, 0x00, 0x34, //        cbz  w0, found
    0x1f, 0x14, 0x00, 0x71, //        cmp  w0, #5
    0x40, 0x00, 0x00, 0x54, //        b.eq found
    0x42, 0x40, 0x00, 0x91, //        add  x2, x2, #16
    0x43, 0x10, 0x40, 0xa9, // found: ldp  x3, x4, [x2]
    0x23, 0x10, 0x00, 0xa9, //        stp  x3, x4, [x1]
    0x00, 0x00, 0x80, 0x52, //        mov  w0, #0
    0xc0, 0x03, 0x5f, 0xd6, //        ret
    0x28, 0x0e, 0x80, 0xd2, // real:  mov  x8, #113
    0x01, 0x00, 0x00, 0xd4, //        svc  #0
    0xc0, 0x03, 0x5f, 0xd6, //        ret
    0x1f, 0x20, 0x03, 0xd5, //        nop
] }; // times:

#[cfg(not(target_arch = "x86_64"))]
#[rustfmt::skip]
const TIME_OF_DAY: Function = Function { name: "__kernel_gettimeofday", finds: 4, code: &[
    0xc0, 0x00, 0x00, 0xb4, //        cbz  x0, zone
    0x02, 0x00, 0x00, 0x10, //        adr  x2, times
    0x43, 0x00, 0x40, 0xf9, //        ldr  x3, [x2]
    0x03, 0x00, 0x00, 0xf9, //        str  x3, [x0]
    0x43, 0x10, 0x40, 0xf9, //        ldr  x3, [x2, #32]
    0x03, 0x04, 0x00, 0xf9, //        str  x3, [x0, #8]
    0x41, 0x00, 0x00, 0xb4, // zone:  cbz  x1, end
    0x3f, 0x00, 0x00, 0xf9, //        str  xzr, [x1]
    0x00, 0x00, 0x80, 0x52, // end:   mov  w0, #0
    0xc0, 0x03, 0x5f, 0xd6, //        ret
] };
