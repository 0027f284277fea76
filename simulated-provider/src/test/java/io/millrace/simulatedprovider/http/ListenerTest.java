package io.millrace.simulatedprovider.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerTest {

    private Listener listener;

    @BeforeEach
    void open() throws IOException {
        listener = Listener.open(0, 10, ListenerTest::echo, Layer.PLAIN);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    @Test
    void bodyMayComeInChunks() throws IOException {
        // When
        String answer =
                answerTo(
                        String.join(
                                "",
                                "POST /a?b=c HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
                                "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n"));

        // Then
        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("POST /a abcde");
    }

    @Test
    void requestsSentTogetherAreAnsweredInOrder() throws IOException {
        // When
        String answers =
                answerTo(
                        String.join(
                                "",
                                "POST /1 HTTP/1.1\r\ncontent-length: 1\r\n\r\nx",
                                "GET /2 HTTP/1.1\r\n\r\n",
                                "GET /3 HTTP/1.0\r\n\r\n"));

        // Then
        assertThat(answers).containsSubsequence("POST /1 x", "GET /2 ", "GET /3 ");
    }

    @Test
    void waitGoesOnWhenTheNextRequestComesEarly() throws IOException {
        // Given
        long start = System.nanoTime();

        // When
        String answers =
                answerTo(
                        "GET /wait HTTP/1.1\r\n\r\n",
                        "GET /last HTTP/1.1\r\nconnection: close\r\n\r\n");

        // Then
        assertThat(answers).containsSubsequence("GET /wait", "GET /last");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000L);
    }

    @Test
    void clientThatExpectsToBeToldToContinueIs() throws IOException {
        // When
        String answer =
                answerTo(
                        "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n",
                        "ok");

        // Then
        assertThat(answer)
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")
                .endsWith("POST / ok");
    }

    @Test
    void bodyLargerThanTheBufferArrivesWhole() throws IOException {
        // Given
        String body = "abcdefg".repeat(100_000);

        // When
        String answer =
                answerTo(
                        "POST / HTTP/1.1\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s"
                                .formatted(body.length(), body));

        // Then
        assertThat(answer).endsWith("POST / " + body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello\\r\\n\\r\\n | 400",
                "GET / HTTP/2.0\\r\\n\\r\\n | 400",
                "GET / HTTP/1.1\\r\\nno colon\\r\\n\\r\\n | 400",
                "POST / HTTP/1.1\\r\\ncontent-length: -1\\r\\n\\r\\n | 400",
                "POST / HTTP/1.1\\r\\ncontent-length: 1x\\r\\n\\r\\n | 400",
                "POST / HTTP/1.1\\r\\ncontent-length: 99999999\\r\\n\\r\\n | 413",
                "POST / HTTP/1.1\\r\\ntransfer-encoding: chunked\\r\\n\\r\\nxyz\\r\\n | 400",
                "POST / HTTP/1.1\\r\\ntransfer-encoding: chunked\\r\\n\\r\\nfffffff\\r\\n | 413"
            })
    void whatIsNoRequestIsRefused(String request, int status) throws IOException {
        // When
        String answer = answerTo(request.replace("\\r\\n", "\r\n"));

        // Then
        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void endlessHeadIsRefused() throws IOException {
        assertThat(answerTo("GET / HTTP/1.1\r\n" + "x".repeat(17_000))).startsWith("HTTP/1.1 431");
        StringBuilder headers = new StringBuilder("GET / HTTP/1.1\r\n");
        for (int header = 0; header < 201; header++) {
            headers.append("h").append(header).append(": v\r\n");
        }
        assertThat(answerTo(headers.toString())).startsWith("HTTP/1.1 431");
    }

    @Test
    void connectionsBeyondTheLimitWaitForOthersToEnd() throws IOException {
        // Given
        Socket[] idle = new Socket[10];
        for (int at = 0; at < idle.length; at++) {
            idle[at] = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        }

        // When
        try (Socket late = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            late.getOutputStream().write(bytes("GET /late HTTP/1.0\r\n\r\n"));
            for (Socket socket : idle) {
                socket.close();
            }

            // Then
            assertThat(text(late.getInputStream().readAllBytes())).endsWith("GET /late ");
        }
    }

    private static boolean echo(HttpRequest request, Connection connection) throws IOException {
        if (request.path().equals("/wait")) {
            connection.isLeftWithin(Duration.ofMillis(100));
        }
        byte[] line = bytes(request.method() + " " + request.path() + " ");
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        String length = Integer.toString(line.length + request.body().length);
        answer.writeBytes(new ResponseHead(200, Map.of("content-length", length)).bytes());
        answer.writeBytes(line);
        answer.writeBytes(request.body());
        connection.write(answer.toByteArray());
        return true;
    }

    /** All that comes until the server closes; parts after the first are sent as it answers. */
    private String answerTo(String... parts) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            for (String part : parts) {
                socket.getOutputStream().write(bytes(part));
                socket.getOutputStream().flush();
            }
            return text(socket.getInputStream().readAllBytes());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
