package io.millrace.dispatcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dispatcher.execution.Execution;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlements;
import io.millrace.servicekit.http.Json;

/** What a dispatcher shows of itself at {@code /v1/admin/dispatchers} of its admin port. */
record DispatcherPage(
        String process, Ownership ownership, Execution execution, Settlements settlements) {

    JsonNode json() {
        ObjectNode page = Json.object();
        page.put("process", process);
        ArrayNode slots = page.putArray("slots");
        ownership.slots().stream().mapToInt(OwnedSlot::number).sorted().forEach(slots::add);
        page.put("in_flight", execution.inFlight());
        page.put("reservations", execution.reservations());
        page.put("unsettled", settlements.unsettled());
        ObjectNode waiting = page.putObject("waiting");
        execution.waiting().forEach((reason, jobs) -> waiting.put(reason.word(), jobs));
        return page;
    }
}
