@NullMarked
package io.millrace.ingress.auth;

import org.jspecify.annotations.NullMarked;
