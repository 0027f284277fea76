package io.millrace.ingress.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Whom an address belongs to: anybody, the deployment's own network, or nobody who could take an
 * event.
 *
 * <p>After IANA's registries of special-purpose addresses (November 2026). Of IPv6 only global
 * unicast is public: what carries an IPv4 address within, such as mapped ones, NAT64 and 6to4,
 * would lead to addresses that nobody looked at.
 */
enum AddressClass {
    /** Reachable from everywhere. */
    PUBLIC,
    /**
     * Of this machine or of a private network: loopback, RFC 1918, shared (CGNAT), unique local.
     */
    PRIVATE,
    /**
     * Link-local and others where clouds hand out credentials, multicast, reserved, documentation.
     */
    NEVER;

    private record Block(int bytes, int bits, AddressClass kind) {

        boolean holds(int address) {
            return bits == 0 || (address ^ bytes) >>> (32 - bits) == 0;
        }
    }

    // the first that holds the address counts
    private static final Block[] V4 = {
        block(100, 100, 100, 200, 32, NEVER), // Alibaba's credentials
        block(168, 63, 129, 16, 32, NEVER), // Azure's
        block(10, 0, 0, 8, PRIVATE),
        block(127, 0, 0, 8, PRIVATE),
        block(100, 64, 0, 10, PRIVATE),
        block(172, 16, 0, 12, PRIVATE),
        block(192, 168, 0, 16, PRIVATE),
        block(0, 0, 0, 8, NEVER),
        block(169, 254, 0, 16, NEVER),
        block(192, 0, 0, 24, NEVER),
        block(192, 0, 2, 24, NEVER),
        block(192, 88, 99, 24, NEVER),
        block(198, 18, 0, 15, NEVER),
        block(198, 51, 100, 24, NEVER),
        block(203, 0, 113, 24, NEVER),
        block(224, 0, 0, 3, NEVER)
    };

    /** Returns the class of an address. */
    static AddressClass of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? v4(word(bytes, 0)) : v6(bytes);
    }

    private static AddressClass v4(int address) {
        for (Block block : V4) {
            if (block.holds(address)) {
                return block.kind;
            }
        }
        return PUBLIC;
    }

    private static AddressClass v6(byte[] bytes) {
        int first = word(bytes, 0);
        if (first == 0xfd000ec2 || first == 0xfd2000ce) {
            return NEVER; // Amazon's credentials, and Google's
        }
        boolean loopback =
                first == 0 && word(bytes, 4) == 0 && word(bytes, 8) == 0 && word(bytes, 12) == 1;
        if (loopback || (first & 0xfe000000) == 0xfc000000) {
            return PRIVATE;
        }
        boolean global = (first & 0xe0000000) == 0x20000000;
        boolean special =
                (first & 0xfffffe00) == 0x20010000 // IETF protocols, Teredo and ORCHID among them
                        || first == 0x20010db8 // documentation
                        || (first & 0xffff0000) == 0x20020000 // 6to4
                        || (first & 0xfffff000) == 0x3fff0000; // documentation
        return global && !special ? PUBLIC : NEVER;
    }

    private static int word(byte[] bytes, int from) {
        int word = 0;
        for (int i = from; i < from + 4; i++) {
            word = word << 8 | (bytes[i] & 0xff);
        }
        return word;
    }

    private static Block block(int one, int two, int three, int bits, AddressClass kind) {
        return block(one, two, three, 0, bits, kind);
    }

    private static Block block(int one, int two, int three, int four, int bits, AddressClass kind) {
        return new Block(one << 24 | two << 16 | three << 8 | four, bits, kind);
    }
}
