//! Addresses of the internet as texts that sort as the addresses do.
//!
//! A key is the 32 hexadecimal digits of an address of version 6. One of version 4 is kept as the address of version 6
//! that stands for it (`::ffff:a.b.c.d`), as Lucene keeps it.

use std::net::{IpAddr, Ipv6Addr};

/// The bits of a key before those that an address of version 4 has.
const MAPPED_BITS: u32 = 96;

/// Answers the key of an address.
///
/// # Errors
/// When it is none, in Elasticsearch's words.
pub(crate) fn ip_key(text: &str) -> Result<String, String> {
    Ok(key(number(text)?.0))
}

/// Answers the address of a key; a text that is no key is answered as it is.
pub(crate) fn ip_text(key: &str) -> String {
    match u128::from_str_radix(key, 16) {
        Ok(number) => Ipv6Addr::from_bits(number).to_canonical().to_string(),
        Err(_) => key.to_owned(),
    }
}

/// Answers the first and the last key of a network such as `10.0.0.0/8`, or of an address alone.
///
/// # Errors
/// When it is none, in Elasticsearch's words.
pub(crate) fn ip_network(text: &str) -> Result<(String, String), String> {
    let Some((address, length)) = text.split_once('/') else {
        let key = ip_key(text)?;
        return Ok((key.clone(), key));
    };
    if length.contains('/') {
        return Err(format!("Expected [ip/prefix] but was [{text}]"));
    }
    let (number, short) = number(address)?;
    let (before, most) = if short { (MAPPED_BITS, 32) } else { (0, 128) };
    let wrong = |_| format!("For input string: \"{length}\"");
    let length: i32 = length.parse().map_err(wrong)?;
    let held = u32::try_from(length).ok().filter(|length| *length <= most);
    let held = held.ok_or_else(|| {
        format!(
            "Illegal prefix length [{length}] in [{text}]. Must be 0-32 for IPv4 ranges, 0-128 for IPv6 ranges"
        )
    })?;
    let rest = u128::MAX.checked_shr(before + held).unwrap_or(0);
    Ok((key(number & !rest), key(number | rest)))
}

/// Reads an address, and whether it is one of version 4.
fn number(text: &str) -> Result<(u128, bool), String> {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Ok((address.to_ipv6_mapped().to_bits(), true)),
        Ok(IpAddr::V6(address)) => Ok((address.to_bits(), false)),
        Err(_) => Err(format!("'{text}' is not an IP string literal.")),
    }
}

fn key(number: u128) -> String {
    format!("{number:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_addresses_and_are_read_back() {
        let sorted = [
            "::",
            "::1",
            "0.0.0.0",
            "9.0.0.1",
            "10.0.0.1",
            "192.168.0.255",
            "2001:db8::1",
        ];
        let keys: Vec<String> = sorted.iter().map(|text| ip_key(text).unwrap()).collect();
        assert!(keys.is_sorted());
        let read: Vec<String> = keys.iter().map(|key| ip_text(key)).collect();
        assert_eq!(read, sorted);
        assert_eq!(ip_key("::ffff:10.0.0.1"), ip_key("10.0.0.1"));
        for wrong in ["", "10.0.0", "x", "1.2.3.256", "10.0.0.1/8"] {
            assert_eq!(
                ip_key(wrong).unwrap_err(),
                format!("'{wrong}' is not an IP string literal.")
            );
        }
    }

    #[test]
    fn networks_are_ranges() {
        let check = |network: &str, first: &str, last: &str| {
            let (low, high) = ip_network(network).unwrap();
            assert_eq!(
                (ip_text(&low).as_str(), ip_text(&high).as_str()),
                (first, last)
            );
        };
        check("10.1.2.3", "10.1.2.3", "10.1.2.3");
        check("10.1.2.3/8", "10.0.0.0", "10.255.255.255");
        check("10.1.2.3/32", "10.1.2.3", "10.1.2.3");
        check("0.0.0.0/0", "0.0.0.0", "255.255.255.255");
        check("2001:db8::/127", "2001:db8::", "2001:db8::1");
        check("::1/128", "::1", "::1");
        for wrong in ["10.0.0.0/33", "::/129", "10.0.0.0/x", "x/8", "10.0.0.0/8/1"] {
            assert!(ip_network(wrong).is_err(), "{wrong}");
        }
    }
}
