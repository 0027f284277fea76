package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchInputError;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Checks a whole input file before its first line runs. Memory: one line, and at most 32 bytes for
 * each line that was read. Not thread-safe: one for each file.
 */
final class InputCheck {

    private static final int MAX_ERRORS = 100;

    private final BatchLimits limits;
    private final LineCheck lineCheck;
    private final ToLongFunction<InputLine> charge;
    private final SeenIds seen = new SeenIds();
    private final List<BatchInputError> errors = new ArrayList<>();
    private int lines;
    private long tokens;
    private int firstBlank;

    /**
     * Checks a file of lines for that endpoint.
     *
     * @param charge the most tokens that a line may use
     */
    InputCheck(String endpoint, BatchLimits limits, ToLongFunction<InputLine> charge) {
        this.lineCheck = new LineCheck(endpoint);
        this.limits = limits;
        this.charge = charge;
    }

    /** Returns what is wrong with the file, or how many lines it has. */
    Verdict check(InputStream in) throws IOException {
        LineReader reader = LineReader.atStart(in, limits.lineBytes());
        while (errors.size() < MAX_ERRORS) {
            Optional<RawLine> line = reader.next();
            if (line.isEmpty()) {
                break;
            }
            if (line.get().number() > limits.lines() && !blank(line.get())) {
                wrong(
                        "too_many_lines",
                        "A batch may have at most %d lines.".formatted(limits.lines()),
                        null,
                        null);
                break;
            }
            read(line.get());
        }
        if (lines == 0 && errors.isEmpty()) {
            wrong("empty_file", "The input file has no lines.", null, null);
        }
        return errors.isEmpty() ? new Verdict.Sound(lines, tokens) : new Verdict.Unsound(errors);
    }

    private void read(RawLine raw) {
        // Blank lines are tolerated at the end of a file, and we only know later whether it is.
        if (blank(raw)) {
            firstBlank = firstBlank == 0 ? raw.number() : firstBlank;
            return;
        }
        if (firstBlank != 0) {
            wrong("invalid_json_line", "The line is empty.", firstBlank, null);
            firstBlank = 0;
        }
        lines = raw.number();
        switch (lineCheck.check(raw)) {
            case CheckedLine.Broken(BatchInputError error) -> errors.add(error);
            case CheckedLine.Sound(InputLine line) -> {
                tokens += charge.applyAsLong(line);
                unique(line);
            }
        }
    }

    private void unique(InputLine line) {
        if (!seen.add(line.customId())) {
            wrong(
                    "duplicate_custom_id",
                    "An earlier line has the same custom_id.",
                    line.number(),
                    "custom_id");
        }
    }

    private void wrong(
            String code, String message, @Nullable Integer line, @Nullable String param) {
        errors.add(new BatchInputError(code, message, line, param));
    }

    private static boolean blank(RawLine raw) {
        return raw instanceof RawLine.Text text && text.blank();
    }
}
