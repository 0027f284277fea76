package io.millrace.dispatcher.provider.local;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * The model, loaded: text to a vector of length 1. Deterministic. Thread-safe, but must not be
 * closed while it embeds.
 *
 * <p>A text longer than 256 tokens, the length the model was trained on, is embedded in pieces, cut
 * between words, whose vectors are averaged by their lengths: nothing is left out, and time and
 * memory grow with the length instead of its square.
 */
final class MiniLm implements AutoCloseable {

    static final int DIMENSIONS = 384;

    private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
    private static final int PIECE = 254; // 256 with the two marks
    private static final long BEGIN = 101; // [CLS]
    private static final long END = 102; // [SEP]

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;

    private MiniLm(OrtEnvironment environment, OrtSession session, HuggingFaceTokenizer tokenizer) {
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
    }

    /** A text's tokens, without the marks the model puts around them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tokenized(long[] ids, String[] pieces) {
        int count() {
            return ids.length;
        }
    }

    /**
     * Loads the model.
     *
     * @throws IOException when its files cannot be written or the machine cannot run it
     */
    static MiniLm load(Path directory) throws IOException {
        Path model = new NativeFiles(directory).prepare();
        try (InputStream vocabulary = MiniLm.class.getResourceAsStream(TOKENIZER);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            if (vocabulary == null) {
                throw new IOException("the built-in model has no " + TOKENIZER);
            }
            // One core a text: parallel work comes from parallel texts, without spinning threads.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // The arena keeps some 60 MB; without it the C library keeps three times that.
            options.setCPUArenaAllocator(true);
            // Plans memory for one length of text, and ours all differ.
            options.setMemoryPatternOptimization(false);
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            return new MiniLm(
                    environment,
                    environment.createSession(model.toString(), options),
                    HuggingFaceTokenizer.newInstance(
                            vocabulary, Map.of("padding", "false", "truncation", "false")));
        } catch (OrtException | RuntimeException | LinkageError e) {
            throw new IOException("the built-in model cannot be loaded", e);
        }
    }

    Tokenized tokenize(String text) {
        Encoding encoding = tokenizer.encode(text, false, false);
        return new Tokenized(encoding.getIds(), encoding.getTokens());
    }

    float[] embed(Tokenized text) throws OrtException {
        float[] sum = new float[DIMENSIONS];
        int start = 0;
        do {
            int end = endOfPiece(text, start);
            add(embed(text.ids(), start, end), Math.max(1, end - start), sum);
            start = end;
        } while (start < text.count());
        return normalized(sum);
    }

    @Override
    public void close() throws OrtException {
        session.close();
        tokenizer.close();
    }

    private static int endOfPiece(Tokenized text, int start) {
        int end = Math.min(start + PIECE, text.count());
        int cut = end;
        while (cut < text.count() && cut > start && text.pieces()[cut].startsWith("##")) {
            cut--;
        }
        return cut == start ? end : cut;
    }

    private float[] embed(long[] ids, int start, int end) throws OrtException {
        int length = end - start + 2;
        long[] input = new long[length];
        input[0] = BEGIN;
        System.arraycopy(ids, start, input, 1, end - start);
        input[length - 1] = END;
        long[] mask = new long[length];
        Arrays.fill(mask, 1);
        try (OnnxTensor inputs = tensor(input);
                OnnxTensor masks = tensor(mask);
                OnnxTensor types = tensor(new long[length]);
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids", inputs,
                                        "attention_mask", masks,
                                        "token_type_ids", types))) {
            return normalized(sum(((OnnxTensor) result.get(0)).getFloatBuffer(), length));
        }
    }

    private OnnxTensor tensor(long[] values) throws OrtException {
        return OnnxTensor.createTensor(
                environment, LongBuffer.wrap(values), new long[] {1, values.length});
    }

    /** The mean of the tokens' vectors but for its length. */
    private static float[] sum(FloatBuffer tokens, int count) {
        float[] sum = new float[DIMENSIONS];
        for (int token = 0; token < count; token++) {
            for (int i = 0; i < DIMENSIONS; i++) {
                sum[i] += tokens.get(token * DIMENSIONS + i);
            }
        }
        return sum;
    }

    private static void add(float[] vector, int weight, float[] sum) {
        for (int i = 0; i < DIMENSIONS; i++) {
            sum[i] += vector[i] * weight;
        }
    }

    private static float[] normalized(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        float[] unit = new float[vector.length];
        double norm = Math.max(Math.sqrt(squares), 1e-12);
        for (int i = 0; i < vector.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }
}
