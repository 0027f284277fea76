package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.dialect.Answer;
import io.millrace.simulatedprovider.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer on its way.
 *
 * @param headers besides those that say what the body is, but for a type other than JSON
 */
record Response(int status, Map<String, String> headers, Answer answer) {

    private static final byte[] LINE_END = {'\r', '\n'};
    static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    byte[] head() {
        Map<String, String> all = new TreeMap<>(headers);
        if (answer.isStream()) {
            all.put("content-type", "text/event-stream; charset=utf-8");
            all.put("transfer-encoding", "chunked");
        } else {
            all.putIfAbsent("content-type", "application/json");
            all.put("content-length", Integer.toString(answer.parts().getFirst().length));
        }
        return new ResponseHead(status, all).bytes();
    }

    /** The body as it goes on the wire, in the pieces that belong together. */
    List<byte[]> pieces() {
        if (!answer.isStream()) {
            return answer.parts();
        }
        List<byte[]> pieces =
                new ArrayList<>(answer.parts().stream().map(Response::chunk).toList());
        pieces.add(joined(pieces.removeLast(), LAST_CHUNK));
        return pieces;
    }

    /** The whole body as it goes on the wire. */
    byte[] body() {
        return joined(pieces().toArray(byte[][]::new));
    }

    static byte[] chunk(byte[] data) {
        String size = Integer.toHexString(data.length);
        byte[] line = size.getBytes(StandardCharsets.ISO_8859_1);
        return joined(line, LINE_END, data, LINE_END);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
