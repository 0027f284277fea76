package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.Behaviour;
import io.millrace.simulatedprovider.dialect.Inquiry;
import java.util.Map;

/** Whether a call is taken on. */
sealed interface Verdict {

    /** The model asked for, empty when the request does not say. */
    String model();

    /**
     * It is answered as its model's name says.
     *
     * @param key the API key it came with, empty where none is asked for
     */
    record Admitted(Inquiry inquiry, Behaviour behaviour, String key) implements Verdict {
        @Override
        public String model() {
            return inquiry.model();
        }
    }

    /**
     * It is answered with an error at once.
     *
     * @param code what OpenAI's shape of errors calls it
     * @param headers besides the usual ones
     */
    record Refused(
            String model, int status, String code, String message, Map<String, String> headers)
            implements Verdict {}
}
