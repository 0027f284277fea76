package io.millrace.ingress.webhook;

/** The door for events that follow from no job and no batch, such as warnings of a budget. */
@FunctionalInterface
public interface Events {

    /**
     * Tells the tenant's endpoints of an event, and returns once that is sure to happen.
     *
     * @throws io.millrace.ingress.http.UnavailableException when that cannot be said: to tell again
     *     does no harm
     */
    void tell(Event event);
}
