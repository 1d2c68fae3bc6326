use super::*;

/// The codes of a table, one after another, as the standard's annex C makes them.
fn codes(counts: &[u8; 16]) -> Vec<(u32, u32)> {
    let mut all = Vec::new();
    let mut code = 0;
    for (length, count) in (1..).zip(counts) {
        for _ in 0..*count {
            all.push((length, code));
            code += 1;
        }
        code <<= 1;
    }
    all
}

#[test]
fn every_code_of_every_length_leads_to_its_own_symbol() {
    // One code of each length, so that the slow way is taken as well; symbols say sizes 0 to 15.
    let counts = [1; 16];
    let symbols: Vec<u8> = (0..16).collect();
    let body = [&counts[..], &symbols[..]].concat();
    let (table, length) = Table::read(&body, true).unwrap();
    assert_eq!(length, 32);
    for ((length, code), symbol) in codes(&counts).into_iter().zip(symbols) {
        let ahead = code << (16 - length) | ((1 << (16 - length)) - 1) >> 1;
        let bytes = [
            (ahead >> 8) as u8,
            ahead as u8,
            0x55,
            0x55,
            0x55,
            0x55,
            0x55,
        ];
        let stuffed: Vec<u8> = bytes
            .iter()
            .flat_map(|b| if *b == 0xFF { vec![0xFF, 0] } else { vec![*b] })
            .collect();
        let mut bits = Bits::new(&stuffed);
        let step = table.step(&mut bits).unwrap();
        assert_eq!(
            u32::from(step.bits),
            length + u32::from(symbol),
            "symbol {symbol}"
        );
    }
}

#[test]
fn a_code_that_no_table_has_is_refused() {
    let mut counts = [0; 16];
    counts[1] = 2;
    let body = [&counts[..], &[0x01, 0x00]].concat();
    let (table, _) = Table::read(&body, true).unwrap();
    assert!(
        table
            .step(&mut Bits::new(&[0b1100_0000, 0, 0, 0]))
            .is_none()
    );
    assert!(
        table
            .step(&mut Bits::new(&[0b0100_0000, 0, 0, 0]))
            .is_some()
    );
}

#[test]
fn tables_that_overflow_their_lengths_are_refused() {
    let mut counts = [0; 16];
    counts[0] = 3;
    let body = [&counts[..], &[1, 2, 3]].concat();
    assert!(Table::read(&body, true).is_none());
    assert!(Table::read(&body[..10], true).is_none());
}

#[test]
fn bits_that_are_not_there_are_noticed_only_when_they_are_passed() {
    let mut bits = Bits::new(&[0x12, 0xFF, 0x00, 0xFF, 0xD9]);
    bits.fill();
    assert_eq!(bits.peek16(), 0x12FF);
    bits.skip(16);
    assert!(!bits.overrun());
    bits.skip(1);
    assert!(bits.overrun());
    assert!(!bits.at_restart());
}
