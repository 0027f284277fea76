package io.millrace.simulatedprovider.ledger;

import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Started;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads ledgers, while they are written too: a last line that is not whole yet is left out.
 *
 * <p>A file that cannot be read is an {@link UncheckedIOException}, a line that is no entry an
 * {@link IllegalArgumentException} that names file and line.
 */
public final class LedgerFile {

    private LedgerFile() {}

    /** All entries, in the order in which they were written. */
    public static List<LedgerEntry> read(Path file) {
        List<LedgerEntry> entries = new ArrayList<>();
        forEach(file, entries::add);
        return entries;
    }

    /** All calls, by their number. */
    public static List<Call> calls(Path file) {
        SequencedMap<Long, Call> calls = new TreeMap<>();
        forEach(
                file,
                entry -> {
                    switch (entry) {
                        case Started started ->
                                calls.put(started.call(), new Call.Running(started));
                        case Ended ended ->
                                calls.compute(ended.call(), (_, call) -> end(file, call, ended));
                    }
                });
        return List.copyOf(calls.values());
    }

    /** Hands over one entry after the other, for ledgers too long for a list. */
    public static void forEach(Path file, Consumer<LedgerEntry> reader) {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(file), StandardCharsets.UTF_8))) {
            long number = 0;
            Optional<String> line = wholeLine(lines);
            while (line.isPresent()) {
                reader.accept(parse(file, ++number, line.get()));
                line = wholeLine(lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("ledger " + file + " cannot be read", e);
        }
    }

    /** How many bytes of the file are whole lines. */
    static long wholeLength(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            long length = bytes.length();
            while (length > 0) {
                bytes.seek(length - 1);
                if (bytes.read() == '\n') {
                    return length;
                }
                length--;
            }
            return 0;
        }
    }

    private static Call end(Path file, @Nullable Call call, Ended ended) {
        return switch (call) {
            case Call.Running(Started started) -> new Call.Finished(started, ended);
            case Call.Finished _ ->
                    throw new IllegalArgumentException(
                            "ledger %s: call %d ended twice".formatted(file, ended.call()));
            case null ->
                    throw new IllegalArgumentException(
                            "ledger %s: call %d ended unstarted".formatted(file, ended.call()));
        };
    }

    private static LedgerEntry parse(Path file, long number, String line) {
        try {
            return LedgerLine.parse(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ledger %s, line %d: %s".formatted(file, number, e.getMessage()), e);
        }
    }

    /** The next line that a line feed ends; readLine would return torn ones too. */
    private static Optional<String> wholeLine(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder(256);
        for (int next = lines.read(); next != -1; next = lines.read()) {
            if (next == '\n') {
                return Optional.of(line.toString());
            }
            line.append((char) next);
        }
        return Optional.empty();
    }
}
