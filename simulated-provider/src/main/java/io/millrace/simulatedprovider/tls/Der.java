package io.millrace.simulatedprovider.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values as X.690 encodes them, as far as a certificate needs it. */
final class Der {

    private static final int LONG_FORM = 0x80;
    private static final DateTimeFormatter GENERALIZED =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... members) {
        return value(0x30, members);
    }

    static byte[] set(byte[]... members) {
        return value(0x31, members);
    }

    static byte[] number(long number) {
        return value(0x02, BigInteger.valueOf(number).toByteArray());
    }

    static byte[] yes() {
        return value(0x01, new byte[] {(byte) 0xff});
    }

    /** An object identifier, of bytes that are encoded already. */
    static byte[] object(int... encoded) {
        byte[] bytes = new byte[encoded.length];
        for (int at = 0; at < encoded.length; at++) {
            bytes[at] = (byte) encoded[at];
        }
        return value(0x06, bytes);
    }

    static byte[] text(String text) {
        return value(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] time(Instant at) {
        return value(0x18, GENERALIZED.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] octets(byte[] bytes) {
        return value(0x04, bytes);
    }

    /** A bit string of whole bytes. */
    static byte[] bits(byte[] bytes) {
        return value(0x03, new byte[1], bytes);
    }

    /** A value within a tag of the context's own. */
    static byte[] explicit(int tag, byte[] value) {
        return value(0xa0 | tag, value);
    }

    /** Bytes under a tag of the context's own. */
    static byte[] implicit(int tag, byte[] bytes) {
        return value(0x80 | tag, bytes);
    }

    private static byte[] value(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        writeLength(value, content.size());
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream value, int length) {
        if (length < LONG_FORM) {
            value.write(length);
        } else {
            byte[] bytes = BigInteger.valueOf(length).toByteArray();
            int sign = bytes[0] == 0 ? 1 : 0;
            value.write(LONG_FORM | (bytes.length - sign));
            value.write(bytes, sign, bytes.length - sign);
        }
    }
}
