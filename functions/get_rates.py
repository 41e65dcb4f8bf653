def handler(event, context):
    print('{}')
    return {"statusCode": 200, "headers": {}, "body": "{}"}
