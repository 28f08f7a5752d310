# psnet for CI: slim, without root, with nothing but what plan and apply need.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY psnet psnet
COPY templates templates
COPY dsc dsc
COPY ansible ansible
RUN python -m venv /opt/psnet && /opt/psnet/bin/python -m pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt .

FROM python:3.13-slim
COPY --from=build /opt/psnet /opt/psnet
RUN useradd --create-home --uid 10001 psnet && ln -s /opt/psnet/bin/psnet /usr/local/bin/psnet
USER psnet
WORKDIR /home/psnet
ENTRYPOINT ["psnet"]
CMD ["--help"]
