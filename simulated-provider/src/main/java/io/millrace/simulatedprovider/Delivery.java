package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.Fault;
import io.millrace.simulatedprovider.behaviour.HeadFault;
import io.millrace.simulatedprovider.behaviour.Plan;
import io.millrace.simulatedprovider.http.Connection;
import io.millrace.simulatedprovider.http.ResponseHead;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Puts answers on the wire, whole or spoilt.
 *
 * <p>A call is in the ledger as ended just before its last bytes are written, so that whoever has
 * the whole answer finds it there. Thread-safe.
 */
final class Delivery {

    private static final Duration LONGEST_HANG = Duration.ofHours(1);
    private static final int OK = 200;

    private final Supplier<byte[]> bomb;

    /**
     * @param bomb a gigabyte in gzip
     */
    Delivery(Supplier<byte[]> bomb) {
        this.bomb = bomb;
    }

    /** Says whether the connection can be used again. */
    boolean deliver(Response response, Plan plan, Connection connection, Bill bill)
            throws IOException {
        return switch (plan.fault()) {
            case Fault.Hang() -> hang(0, connection, bill);
            case Fault.Stall() -> stall(response, connection, bill);
            case Fault.Closed() -> closed(connection, bill);
            case Fault.WrongHead(HeadFault how) ->
                    WrongHeads.deliver(how, response, plan.pace(), connection, bill);
            case Fault.Reset() -> reset(connection, bill);
            case Fault.Truncated() -> truncated(response, connection, bill);
            case Fault.Huge() -> huge(response, connection, bill);
            case Fault.GzipBomb() -> gzipBomb(response, connection, bill);
            case Fault.Drip() ->
                    inPieces(response, bytewise(response), plan.pace(), connection, bill);
            case Fault.None _, Fault.ErrorStatus _, Fault.Redirect _ ->
                    inPieces(response, response.pieces(), plan.pace(), connection, bill);
            case Fault.ErrorIn200 _, Fault.WrongUsage _, Fault.Malformed _, Fault.WrongBody _ ->
                    inPieces(response, response.pieces(), plan.pace(), connection, bill);
        };
    }

    private static boolean hang(int status, Connection connection, Bill bill) {
        if (connection.isLeftWithin(LONGEST_HANG)) {
            bill.breakOff(status, connection);
        } else {
            bill.end(status);
        }
        return false;
    }

    private static boolean stall(Response response, Connection connection, Bill bill)
            throws IOException {
        connection.write(Response.joined(response.head(), half(response)));
        return hang(response.status(), connection, bill);
    }

    private static boolean closed(Connection connection, Bill bill) {
        bill.end(0);
        connection.close();
        return false;
    }

    private static boolean reset(Connection connection, Bill bill) throws IOException {
        bill.end(0);
        connection.reset();
        return false;
    }

    private static boolean truncated(Response response, Connection connection, Bill bill)
            throws IOException {
        bill.end(response.status());
        connection.write(Response.joined(response.head(), half(response)));
        return false;
    }

    private static byte[] half(Response response) {
        byte[] body = response.body();
        return Arrays.copyOf(body, body.length / 2);
    }

    private static List<byte[]> bytewise(Response response) {
        return bytewise(response.body());
    }

    static List<byte[]> bytewise(byte[] body) {
        List<byte[]> bytes = new ArrayList<>(body.length);
        for (byte next : body) {
            bytes.add(new byte[] {next});
        }
        return bytes;
    }

    private static boolean inPieces(
            Response response, List<byte[]> pieces, Duration pace, Connection connection, Bill bill)
            throws IOException {
        List<byte[]> withHead = new ArrayList<>(pieces);
        withHead.set(0, Response.joined(response.head(), pieces.getFirst()));
        return write(response.status(), withHead, pace, connection, bill);
    }

    /** Writes pieces at a pace, and says whether the client stayed to the end. */
    static boolean write(
            int status, List<byte[]> pieces, Duration pace, Connection connection, Bill bill)
            throws IOException {
        int last = pieces.size() - 1;
        try {
            byte[] next = pieces.getFirst();
            for (int at = 0; at < last; at++) {
                connection.write(next);
                if (connection.isLeftWithin(pace)) {
                    bill.breakOff(status, connection);
                    return false;
                }
                next = pieces.get(at + 1);
            }
            bill.end(status);
            connection.write(next);
            return true;
        } catch (IOException e) {
            bill.breakOff(status, connection);
            throw e;
        }
    }

    private static boolean huge(Response response, Connection connection, Bill bill)
            throws IOException {
        Map<String, String> headers =
                Map.of("content-type", "application/json", "transfer-encoding", "chunked");
        byte[] block = Response.chunk(Gigabyte.block());
        try {
            connection.write(new ResponseHead(OK, headers).bytes());
            connection.write(Response.chunk(Gigabyte.START));
            for (int count = 0; count < Gigabyte.BLOCKS; count++) {
                connection.write(block);
            }
            bill.end(response.status());
            connection.write(Response.chunk(Gigabyte.END));
            connection.write(Response.LAST_CHUNK);
            return true;
        } catch (IOException e) {
            bill.breakOff(response.status(), connection);
            throw e;
        }
    }

    private boolean gzipBomb(Response response, Connection connection, Bill bill)
            throws IOException {
        byte[] body = bomb.get();
        Map<String, String> headers =
                Map.of(
                        "content-type", "application/json",
                        "content-encoding", "gzip",
                        "content-length", Integer.toString(body.length));
        bill.end(response.status());
        connection.write(new ResponseHead(OK, headers).bytes());
        connection.write(body);
        return true;
    }
}
