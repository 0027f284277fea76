package io.millrace.simulatedprovider.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads requests by RFC 9112, as far as clients of providers go. Used by one thread. */
final class RequestReader {

    private static final int MOST_HEADERS = 200;
    private static final int LARGEST_BODY = 16 * 1024 * 1024;
    private static final Pattern SIZE = Pattern.compile("\\d{1,9}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("\\p{XDigit}{1,7}");
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Inbound in;
    private final OutputStream out;

    RequestReader(Inbound in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    HttpRequest read() throws IOException {
        String first = in.line();
        String[] words = first.isEmpty() ? in.line().split(" ", -1) : first.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new RefusedRequestException(400, "the first line is no HTTP/1.1 request");
        }
        Map<String, String> headers = headers();
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write(CONTINUE);
            out.flush();
        }
        return new HttpRequest(
                words[0],
                withoutQuery(words[1]),
                headers,
                body(headers),
                isPersistent(words[2], headers.getOrDefault("connection", "")));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = in.line(); !line.isEmpty(); line = in.line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new RefusedRequestException(400, "a header has no name");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
            if (headers.size() > MOST_HEADERS) {
                throw new RefusedRequestException(431, "too many headers");
            }
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunks();
        }
        String length = headers.getOrDefault("content-length", "0");
        if (!SIZE.matcher(length).matches()) {
            throw new RefusedRequestException(400, "content-length is no number of bytes");
        }
        return in.bytes(withinLimit(Integer.parseInt(length)));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            withinLimit(body.size() + size);
            body.write(in.bytes(size));
            in.line();
        }
        headers(); // trailers, which nobody sends
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        String size = in.line().split(";", 2)[0].strip();
        if (!CHUNK_SIZE.matcher(size).matches()) {
            throw new RefusedRequestException(400, "a chunk has no size");
        }
        return Integer.parseInt(size, 16);
    }

    private static int withinLimit(int size) throws RefusedRequestException {
        if (size > LARGEST_BODY) {
            throw new RefusedRequestException(413, "the body is larger than " + LARGEST_BODY);
        }
        return size;
    }

    private static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static boolean isPersistent(String version, String connection) {
        String wish = connection.toLowerCase(Locale.ROOT);
        return version.equals("HTTP/1.0") ? wish.contains("keep-alive") : !wish.contains("close");
    }
}
