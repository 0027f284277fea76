package io.millrace.ingress.admission;

import java.util.List;

/** The endpoints that work can be for. */
public final class Endpoints {

    /** OpenAI's chat completions. */
    public static final String CHAT = "/v1/chat/completions";

    /** OpenAI's embeddings. */
    public static final String EMBEDDINGS = "/v1/embeddings";

    private static final List<String> SUPPORTED = List.of(CHAT, EMBEDDINGS);
    private static final List<String> NOT_YET =
            List.of(
                    "/v1/responses",
                    "/v1/messages",
                    "/v1/completions",
                    "/v1/moderations",
                    "/v1/images/generations",
                    "/v1/audio/speech");

    private Endpoints() {}

    /** Returns whether work for it can be carried out. */
    public static boolean supported(String endpoint) {
        return SUPPORTED.contains(endpoint);
    }

    /** Returns whether it exists elsewhere, but not here yet. */
    public static boolean notYet(String endpoint) {
        return NOT_YET.contains(endpoint);
    }
}
