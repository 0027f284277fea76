package io.millrace.ingress.files;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The name a client gave a file: shown again, never used as a path. */
final class FileName {

    private static final int MAX = 255;
    private static final String NONE = "upload";
    private static final String PLAIN = "!#$&+-.^_`|~";

    private FileName() {}

    /** Returns the name without the folders some clients send, and without control characters. */
    static String clean(@Nullable String sent) {
        if (sent == null) {
            return NONE;
        }
        // a quote within the quoted name comes as %22 from browsers, as \" from others
        String name = sent.replace("%22", "\"").replace("\\\"", "\"");
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        StringBuilder clean = new StringBuilder();
        last.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MAX)
                .forEach(clean::appendCodePoint);
        return clean.isEmpty() ? NONE : clean.toString();
    }

    /**
     * Returns the header {@code Content-Disposition} that offers the name, by RFC 6266 with the
     * encoding of RFC 8187: a header holds no other than Latin letters.
     */
    static String disposition(String name) {
        StringBuilder value = new StringBuilder("attachment; filename*=UTF-8''");
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                value.append(c);
            } else {
                value.append("%%%02X".formatted(b & 0xff));
            }
        }
        return value.toString();
    }
}
