package io.millrace.simulatedprovider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.simulatedprovider.behaviour.HeadFault;
import io.millrace.simulatedprovider.http.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts answers on the wire whose head is not what a head should be. */
final class WrongHeads {

    private static final int HEADERS = 100_000;
    private static final int HEADERS_AT_ONCE = 1_000;
    private static final int LARGE_BLOCKS = 256;
    private static final int LARGE_BLOCK = 64 * 1024;
    private static final byte[] ALIEN = "220 mail.example.com ESMTP\r\n".getBytes(ISO_8859_1);

    private WrongHeads() {}

    /** Says whether the connection can be used again. */
    static boolean deliver(
            HeadFault how, Response response, Duration pace, Connection connection, Bill bill)
            throws IOException {
        List<byte[]> pieces = pieces(how, response);
        Duration between = how == HeadFault.SLOW ? pace : Duration.ZERO;
        return Delivery.write(response.status(), pieces, between, connection, bill)
                && how != HeadFault.ALIEN;
    }

    private static List<byte[]> pieces(HeadFault how, Response response) {
        List<byte[]> pieces = new ArrayList<>();
        switch (how) {
            case SLOW -> pieces.addAll(Delivery.bytewise(response.head()));
            case MANY -> pieces.addAll(many(response.head()));
            case LARGE -> pieces.addAll(large(response.head()));
            case ALIEN -> {
                return List.of(ALIEN);
            }
        }
        pieces.add(response.body());
        return pieces;
    }

    private static List<byte[]> many(byte[] head) {
        StringBuilder some = new StringBuilder();
        for (int count = 0; count < HEADERS_AT_ONCE; count++) {
            some.append("x-").append(count).append(": y\r\n");
        }
        byte[] block = some.toString().getBytes(ISO_8859_1);
        return within(head, Collections.nCopies(HEADERS / HEADERS_AT_ONCE, block));
    }

    private static List<byte[]> large(byte[] head) {
        List<byte[]> header = new ArrayList<>();
        header.add("x-large: ".getBytes(ISO_8859_1));
        header.addAll(
                Collections.nCopies(LARGE_BLOCKS, "x".repeat(LARGE_BLOCK).getBytes(ISO_8859_1)));
        header.add("\r\n".getBytes(ISO_8859_1));
        return within(head, header);
    }

    /** The head with some more before the empty line that ends it. */
    private static List<byte[]> within(byte[] head, List<byte[]> more) {
        String text = new String(head, ISO_8859_1);
        List<byte[]> pieces = new ArrayList<>();
        pieces.add(text.substring(0, text.length() - 2).getBytes(ISO_8859_1));
        pieces.addAll(more);
        pieces.add("\r\n".getBytes(ISO_8859_1));
        return pieces;
    }
}
