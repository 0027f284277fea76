package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A sound line of a batch's input.
 *
 * @param number number of the line, from 1
 * @param customId the client's own id of it
 * @param model name of the model as the client asked for it
 * @param body what the endpoint is to be given
 */
record InputLine(int number, String customId, String model, ObjectNode body) {

    @Override
    public String toString() {
        return "InputLine[%d, ***]".formatted(number);
    }
}
