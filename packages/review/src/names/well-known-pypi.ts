/** Names of PyPI that people write by hand, which is why others imitate them. Written by hand as well, in the form of PEP 503. */
export const imitatedPypi: readonly string[] = `
cloudflare deepseek easy-install fabric jellyfish pip pytorch torch ultralytics
aiohttp airflow ansible anthropic apache-airflow asyncpg beautifulsoup4 bitcoinlib boto3 botocore celery certifi chardet click colorama cryptography dash datasets discord-py django django-cors-headers djangorestframework docker elasticsearch fastapi flask flask-cors flask-sqlalchemy
gevent gitpython google-cloud-storage gradio gunicorn httpx huggingface-hub hypothesis idna importlib-metadata ipython jinja2 joblib jupyter jupyterlab keras kubernetes langchain litellm loguru lxml markupsafe matplotlib mlflow mysqlclient networkx nltk notebook numpy openai opencv-python
openpyxl packaging pandas paramiko pillow pip-tools playwright plotly poetry pre-commit prometheus-client protobuf psutil psycopg2 psycopg2-binary pyarrow pycryptodome pydantic pygame pyinstaller pyjwt pylint pymongo pymysql pyopenssl pyspark pytest pytest-asyncio pytest-cov python-dateutil
python-dotenv python-jose python-multipart pytorch-lightning pyyaml redis requests requests-oauthlib scikit-learn scipy scrapy seaborn selenium sentry-sdk setuptools simplejson sphinx sqlalchemy starlette streamlit stripe tabulate tensorboard tensorflow termcolor tiktoken tokenizers tornado torchvision tqdm
transformers twisted typing-extensions urllib3 uvicorn virtualenv websocket-client websockets werkzeug xgboost
`
  .trim()
  .split(/\s+/);

/** Further names of PyPI that many trust: they may be like another. */
export const wellKnownPypi: readonly string[] = `
beautifulsoup bpython ctransformers datasette datazets django-rest-framework djongo elasticsearch5 elasticsearch6 elasticsearch7 elasticsearch9 fabric2 fabric3 fastai git-python grequests iptools ipy ipytest jupyterhub mocker mysql-python networkit ngboost openapi pbspark
psycopg-c py-redis pygam pylink pymantic pyopencl pyopenms pytest-csv python-bitcoinlib python-jwt pyyml retworkx streamlink tabulator websocket
cchardet dataset dateutils deepspeed docker-py dydantic elasticsearch8 gpytorch gsutil josepy psycopg-binary pyaml pydocket python-fsutil pydash pyopengl pyshark spython tensorboardx tensorflowjs tokenize-rt unicorn willow x-transformers
absl-py accelerate aiobotocore aiofiles aiohttp aiosignal airflow alembic altair amqp annotated-types ansible anthropic antlr4-python3-runtime anyio apache-airflow appdirs argcomplete argon2-cffi arrow asgiref asn1crypto
astroid asttokens async-timeout asyncpg attrs autopep8 av awscli babel backcall backoff bcrypt beautifulsoup4 billiard black bleach blinker bokeh boto boto3 botocore bottle bs4 build cachetools celery certifi cffi chardet charset-normalizer
chromadb click click-plugins cloudpickle cmake colorama coloredlogs comm configparser contourpy coverage crcmod cryptography cycler cython dash dask databricks-cli dataclasses datasets debugpy decorator deepdiff defusedxml deprecated diffusers dill
distlib distro django django-cors-headers django-filter djangorestframework dnspython docker docopt docutils docker-compose duckdb ecdsa einops elasticsearch email-validator et-xmlfile exceptiongroup execnet executing fabric faker fastapi fastavro fastjsonschema filelock
flake8 flask flask-cors flask-login flask-sqlalchemy flit-core fonttools frozenlist fsspec ftfy future gevent gitdb gitpython google-api-core google-api-python-client google-auth google-cloud-bigquery google-cloud-storage googleapis-common-protos gradio graphql-core graphviz
greenlet grpcio grpcio-tools gunicorn h11 h2 h5py hatchling hiredis holoviews html5lib httpcore httplib2 httptools httpx huggingface-hub humanfriendly humanize hypothesis idna imageio importlib-metadata importlib-resources inflection iniconfig ipykernel ipython ipywidgets
isodate isort itsdangerous jax jaxlib jedi jinja2 jmespath joblib jsonpatch jsonpath-ng jsonpickle jsonpointer jsonschema jupyter jupyter-client jupyter-core jupyterlab keras keyring kiwisolver kombu kubernetes langchain lark lazy-object-proxy librosa lightgbm litellm llvmlite lockfile
loguru lxml mako markdown markdown-it-py markupsafe marshmallow matplotlib matplotlib-inline mccabe mdurl mistune mlflow mock monotonic more-itertools moto mpmath msal msgpack msrest multidict multiprocess mypy mypy-extensions mysqlclient mysql-connector-python nbclient nbconvert nbformat nest-asyncio
networkx nltk nodeenv notebook numba numexpr numpy oauth2client oauthlib onnx onnxruntime openai opencv-contrib-python opencv-python opencv-python-headless openpyxl opentelemetry-api orjson oscrypto packaging pandas paramiko parso partd passlib pathlib pathspec patsy pbr peewee pendulum pexpect pg8000
pickleshare pika pillow pip pip-audit pip-tools pipenv platformdirs playwright plotly pluggy ply poetry poetry-core portalocker pre-commit prettytable prometheus-client prompt-toolkit proto-plus protobuf psutil psycopg psycopg2 psycopg2-binary ptyprocess pure-eval py py4j pyarrow pyasn1 pyasn1-modules
pycodestyle pycparser pycryptodome pycryptodomex pydantic pydantic-core pydantic-settings pydot pyflakes pygame pygithub pygments pyinstaller pyjwt pylint pymongo pymssql pymysql pynacl pyodbc pyopenssl pyparsing pyproject-hooks pyqt5 pyrsistent pyserial pysocks pyspark pytest pytest-asyncio pytest-cov pytest-mock pytest-xdist
python-dateutil python-dotenv python-jose python-json-logger python-magic python-multipart python-slugify pytorch-lightning pytz pywin32 pyyaml pyzmq ratelimit redis referencing regex reportlab requests requests-oauthlib requests-toolbelt retry rich rope rpds-py rsa ruamel-yaml ruff s3fs s3transfer sacremoses safetensors scapy
scikit-image scikit-learn scipy scrapy seaborn selenium send2trash sentencepiece sentry-sdk setproctitle setuptools setuptools-scm shapely shellingham simplejson six smmap sniffio snowflake-connector-python sortedcontainers soupsieve spacy sphinx sqlalchemy sqlparse stack-data starlette statsmodels streamlit stripe structlog sympy
tabulate tenacity tensorboard tensorflow termcolor tesserocr thinc threadpoolctl tiktoken tokenizers toml tomli tomlkit toolz torch torchaudio torchvision tornado tox tqdm traitlets transformers trio trove-classifiers tweepy twine twisted typer typing-extensions typing-inspect tzdata tzlocal ujson uritemplate urllib3 uv uvicorn
uvloop vcrpy virtualenv watchdog watchfiles wcwidth webencodings websocket-client websockets werkzeug wheel widgetsnbextension wrapt wtforms xgboost xlrd xlsxwriter xmltodict yapf yarl zeroconf zipp zope-interface zstandard
`
  .trim()
  .split(/\s+/);
