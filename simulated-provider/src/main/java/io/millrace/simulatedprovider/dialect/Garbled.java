package io.millrace.simulatedprovider.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.simulatedprovider.behaviour.BodyFault;
import java.util.Arrays;

/** A whole body that is not what it should be, under the type that it says it has. */
public record Garbled(String contentType, Answer answer) {

    private static final int DEPTH = 100_000;
    private static final byte[] PAGE =
            "<!DOCTYPE html><html><body><h1>Please sign in</h1></body></html>".getBytes(UTF_8);

    /** What a good answer becomes; of a stream its events, joined. */
    public static Garbled of(Answer good, BodyFault how) {
        return switch (how) {
            case NESTED -> new Garbled("application/json", Answer.json(nested()));
            case HTML -> new Garbled("text/html; charset=utf-8", Answer.json(PAGE));
            case MISTYPED -> new Garbled("text/html", Answer.json(text(good).getBytes(UTF_8)));
            case LATIN1 ->
                    new Garbled(
                            "application/json; charset=iso-8859-1",
                            Answer.json(accented(good).getBytes(ISO_8859_1)));
            case UTF16 ->
                    new Garbled(
                            "application/json; charset=utf-16be",
                            Answer.json(accented(good).getBytes(UTF_16BE)));
        };
    }

    private static byte[] nested() {
        byte[] lists = new byte[2 * DEPTH];
        Arrays.fill(lists, 0, DEPTH, (byte) '[');
        Arrays.fill(lists, DEPTH, lists.length, (byte) ']');
        return ("{\"choices\":" + new String(lists, UTF_8) + "}").getBytes(UTF_8);
    }

    private static String accented(Answer good) {
        return text(good).replace("echo-", "\u00e9cho-");
    }

    private static String text(Answer good) {
        StringBuilder text = new StringBuilder();
        good.parts().forEach(part -> text.append(new String(part, UTF_8)));
        return text.toString();
    }
}
